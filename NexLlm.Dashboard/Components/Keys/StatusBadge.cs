using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>A key's status as shown on pages: a tone of the style sheet, an icon of the sprite and a word.</summary>
internal static class StatusBadge
{
    public static (string Tone, string Icon, string Word) Of(KeyDetails key, DateTimeOffset now) => key.StatusAt(now) switch
    {
        KeyStatus.Active when key.ExpiresSoonAt(now) => ("soon", "#i-clock", "Expires soon"),
        KeyStatus.Active => ("good", "#i-check", "Active"),
        KeyStatus.Disabled => ("", "#i-pause", "Disabled"),
        KeyStatus.Expired => ("bad", "#i-clock", "Expired"),
        KeyStatus.QuotaExhausted => ("bad", "#i-warning", "Quota exhausted"),
    };

    /// <summary>The message after a key was enabled or disabled.</summary>
    public static string SwitchedText(bool enabled) => enabled ? "Key enabled." : "Key disabled. Requests using it will fail.";
}
