using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>A confirmation of an action.</summary>
/// <param name="Title">The question.</param>
/// <param name="Text">The consequence.</param>
/// <param name="Verb">The label of the button.</param>
/// <param name="Do">Performs the action; the dialog stays open and shows an error if that fails.</param>
public sealed record Confirmation(string Title, string Text, string Verb, Func<Task> Do)
{
    /// <summary>Shown below the text, such as the impact; null for nothing.</summary>
    public RenderFragment? Details { get; init; }

    /// <summary>Whether the action takes nothing away from anyone, so that its button is not styled as dangerous.</summary>
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

    // Focuses the harmless button, in case someone presses Enter without reading.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Wait until the dialog has recorded the focused element, to which it returns the focus.
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
    /// <summary>Asks for confirmation and performs the action.</summary>
    /// <returns>Whether it was performed.</returns>
    public static async Task<bool> ConfirmAsync(this IDialogService dialogs, Confirmation question)
    {
        var parameters = new DialogParameters<ConfirmDialog> { { dialog => dialog.Question, question } };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(question.Title, parameters);
        return await dialog.Result is { Canceled: false };
    }
}
