using MudBlazor;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Shows the result of an action at the bottom of the window, wherever on the page it was started. One per circuit.</summary>
public sealed class Notifications(ISnackbar snackbar)
{
    /// <summary>The action succeeded.</summary>
    /// <param name="message">What happened: "Key deleted."</param>
    /// <param name="undo">Reverts the action; null if that is impossible.</param>
    public void Succeeded(string message, Func<Task>? undo = null) => Add(message, Severity.Success, undo);

    /// <summary>Nothing was changed, or there is additional information.</summary>
    public void Informed(string message) => Add(message, Severity.Info);

    /// <summary>The action failed.</summary>
    /// <param name="message">What failed, and what to do next.</param>
    public void Failed(string message) => Add(message, Severity.Error);

    private void Add(string message, Severity severity, Func<Task>? undo = null) =>
        snackbar.Add(message, severity, options =>
        {
            if (undo is not null)
            {
                options.Action = "Undo";
                options.OnClick = _ => undo();
            }
        });
}
