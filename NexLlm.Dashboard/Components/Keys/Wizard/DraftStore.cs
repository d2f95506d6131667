using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage;
using Microsoft.JSInterop;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>
/// Keeps what was typed in the tab's session storage, encrypted, so that a reload or a lost connection costs nothing and
/// the wizard's one request id survives: a key that was saved just before is recognised and not made twice.
/// </summary>
public sealed class DraftStore(ProtectedSessionStorage storage)
{
    private const string Name = "new-key";

    // The hub takes messages of 32 KB; encryption and base64 need their part of it.
    private const int MaxLength = 12_000;

    /// <summary>Null if there is none that can be read.</summary>
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

    // A draft is a convenience: without a browser, or one that keeps nothing, there is none.
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
