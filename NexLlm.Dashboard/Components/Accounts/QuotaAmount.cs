using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>Parses an overall quota. Unlike a key's it may be 0, for an account that can't spend anything yet.</summary>
internal static class QuotaAmount
{
    /// <param name="blank">The meaning of a blank field; null if a value is required.</param>
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
