using MudBlazor;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Says at the foot of the window what came of an action, wherever on the page it was taken. One a circuit.</summary>
public sealed class Notifications(ISnackbar snackbar)
{
    /// <summary>What was asked for has been done.</summary>
    /// <param name="message">What happened: "Key deleted."</param>
    /// <param name="undo">Takes it back; null if that is not possible.</param>
    public void Succeeded(string message, Func<Task>? undo = null) => Add(message, Severity.Success, undo);

    /// <summary>Nothing was changed, or there is something to know.</summary>
    public void Informed(string message) => Add(message, Severity.Info);

    /// <summary>What was asked for has not been done.</summary>
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
