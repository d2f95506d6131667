using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>What is asked before it is done.</summary>
/// <param name="Title">The question.</param>
/// <param name="Text">What will happen.</param>
/// <param name="Verb">On the button that does it.</param>
/// <param name="Do">Does it; the dialog stays open, and says so, if that fails.</param>
public sealed record Confirmation(string Title, string Text, string Verb, Func<Task> Do)
{
    /// <summary>Below the text, such as what it would break; null is nothing.</summary>
    public RenderFragment? Details { get; init; }

    /// <summary>Whether it takes nothing from anybody, so that its button is no warning.</summary>
    public bool IsHarmless { get; init; }
}

public sealed partial class ConfirmDialog(ReauthenticationDialogs reauthentication, ILogger<ConfirmDialog> log)
{
    private MudButton _cancel = default!;
    private bool _isBusy;
    private bool _isFailed;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Parameter, EditorRequired]
    public required Confirmation Question { get; set; }

    // The harmless answer, for whoever presses Enter without reading.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // After the dialog has noted what had the focus, and gives it back to.
            await Task.Yield();
            await _cancel.FocusAsync();
        }
    }

    private async Task ConfirmAsync()
    {
        _isBusy = true;
        try
        {
            if (await reauthentication.RunAsync(Question.Do))
            {
                Dialog.Close();
            }
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _isFailed = true;
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "A confirmed action failed.")]
    private partial void LogFailure(Exception error);
}

public static class ConfirmDialogExtensions
{
    /// <summary>Asks, and does what was confirmed.</summary>
    /// <returns>Whether it was done.</returns>
    public static async Task<bool> ConfirmAsync(this IDialogService dialogs, Confirmation question)
    {
        var parameters = new DialogParameters<ConfirmDialog> { { dialog => dialog.Question, question } };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(question.Title, parameters);
        return await dialog.Result is { Canceled: false };
    }
}
