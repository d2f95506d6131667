using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>Reads an overall quota. Unlike a key's it may be 0: an account that can spend nothing yet.</summary>
internal static class QuotaAmount
{
    /// <param name="blank">What an empty field means; null if something has to be entered.</param>
    public static bool TryRead(string text, long? blank, out long tokens, [NotNullWhen(false)] out string? error)
    {
        (tokens, error) = (0, null);
        switch (text.Trim())
        {
            case "" when blank is { } meant:
                tokens = meant;
                return true;
            case "0":
                return true;
            default:
                return TokenQuota.TryParseTokens(text, out tokens, out error);
        }
    }
}
