using MudBlazor;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Asks in the page, before something critical, whether it is still the same person; nothing that was typed is lost. One a circuit.</summary>
public sealed class ReauthenticationDialogs(IDialogService dialogs)
{
    /// <summary>Does the work. If it is refused because the last proof is too old, asks for one and does it then.</summary>
    /// <returns>False if the person would not say.</returns>
    public async Task<bool> RunAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (ReauthenticationRequiredException)
        {
            // Asked for below, where the stack is free again.
        }

        var dialog = await dialogs.ShowAsync<ReauthenticationDialog>("Confirm it's you");
        if (await dialog.Result is not { Canceled: false })
        {
            return false;
        }

        await work();
        return true;
    }
}
