using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage;
using Microsoft.JSInterop;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>
/// Keeps the entries encrypted in the tab's session storage, so that a reload or a lost connection loses nothing. The wizard's
/// request id is kept too, so that a key saved just before is recognized and not created twice.
/// </summary>
public sealed class DraftStore(ProtectedSessionStorage storage)
{
    private const string Name = "new-key";

    // Hub messages are limited to 32 KB, some of which is taken by encryption and base64.
    private const int MaxLength = 12_000;

    /// <summary>Null if there is no readable draft.</summary>
    public async Task<WizardDraft?> LoadAsync()
    {
        try
        {
            var stored = await storage.GetAsync<string>(Name);
            return stored is { Success: true, Value: { } json } ? JsonSerializer.Deserialize<WizardDraft>(json) : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            await ClearAsync();
            return null;
        }
    }

    public async Task SaveAsync(WizardDraft draft)
    {
        var json = JsonSerializer.Serialize(draft);
        if (json.Length <= MaxLength)
            await IgnoringLostBrowser(storage.SetAsync(Name, json));
    }

    public async Task ClearAsync() => await IgnoringLostBrowser(storage.DeleteAsync(Name));

    // A draft is a convenience: if the browser has disconnected or stores nothing, there is none.
    private static async Task IgnoringLostBrowser(ValueTask operation)
    {
        try
        {
            await operation;
        }
        catch (Exception e) when (e is JSException or JSDisconnectedException or TaskCanceledException)
        {
        }
    }
}
