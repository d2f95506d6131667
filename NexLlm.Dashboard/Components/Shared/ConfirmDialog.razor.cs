using NexLlm.Dashboard.Accounts;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>What is asked before it is done.</summary>
/// <param name="Title">The question.</param>
/// <param name="Text">What will happen.</param>
/// <param name="Verb">On the button that does it.</param>
/// <param name="Do">Does it; the dialog stays open, and says so, if that fails.</param>
/// <param name="Then">Follows once the dialog is closed and the focus is back on the page; null is nothing.</param>
public sealed record Confirmation(string Title, string Text, string Verb, Func<Task> Do, Func<Task>? Then = null);

public sealed partial class ConfirmDialog(ILogger<ConfirmDialog> log)
{
    private Modal _modal = default!;
    private Confirmation? _question;
    private bool _isDoing;
    private bool _failed;

    public async Task AskAsync(Confirmation question)
    {
        _question = question;
        _failed = false;
        StateHasChanged();
        await _modal.OpenAsync();
    }

    private async Task CancelAsync() => await _modal.CloseAsync();

    private async Task DoAsync()
    {
        _isDoing = true;
        try
        {
            await _question!.Do();
            await _modal.CloseAsync();
            await (_question.Then?.Invoke() ?? Task.CompletedTask);
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
        finally
        {
            _isDoing = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "What a person confirmed could not be done.")]
    private partial void LogFailure(Exception error);
}
