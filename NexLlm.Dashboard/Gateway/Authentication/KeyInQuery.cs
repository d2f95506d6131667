using System.Buffers;
using Microsoft.AspNetCore.WebUtilities;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Authentication;

/// <summary>
/// Rejects an API key in the URL, even beside a valid header, because URLs end up in logs and browser histories. Other values
/// pass, whatever the name of their parameter.
/// </summary>
internal static class KeyInQuery
{
    private const int LongestName = 40;

    private static readonly SearchValues<char> _plain =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    /// <returns>Null if no parameter contains anything that starts like a NexLLM key.</returns>
    public static Rejection? Find(string? query)
    {
        if (query is not { Length: > 1 })
        {
            return null;
        }

        // An escaped key has at least one percent sign; anything else is found unescaped.
        if (!query.Contains('%', StringComparison.Ordinal) && !HoldsKey(query))
        {
            return null;
        }

        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (HoldsKey(pair.DecodeName().Span))
            {
                return Refused(null);
            }

            if (HoldsKey(pair.DecodeValue().Span))
            {
                return Refused(pair.DecodeName().Span);
            }
        }

        return null;
    }

    private static bool HoldsKey(ReadOnlySpan<char> text) => text.Contains(KeySecret.Prefix, StringComparison.OrdinalIgnoreCase);

    private static Rejection Refused(ReadOnlySpan<char> name)
    {
        var which = name.IsEmpty || name.Length > LongestName || name.ContainsAnyExcept(_plain) ? "the query string" : $"the query parameter '{name}'";
        return Rejection.For(
            Verdict.InvalidApiKey,
            $"API keys are not accepted in the URL. Remove the key from {which} and send it as 'Authorization: Bearer sk-nexllm-...'.",
            null);
    }
}
