using MudBlazor;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Confirms the user's identity within the page before a critical action, without losing entries. One per circuit.</summary>
public sealed class ReauthenticationDialogs(IDialogService dialogs)
{
    /// <summary>Runs the work. If it is denied because the last confirmation is too old, asks for a new one and runs it again.</summary>
    /// <returns>False if the user canceled.</returns>
    public async Task<bool> RunAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (ReauthenticationRequiredException)
        {
            // Handled below, outside the catch block.
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
