using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Authentication;

/// <summary>Finds the one API key in a request's headers. Allocates nothing unless the key is in the wrong place.</summary>
internal static class Credential
{
    private const string Bearer = "Bearer ";

    /// <summary>The headers of OpenAI, Anthropic and Azure, most common first.</summary>
    private static readonly string[] _headers = ["Authorization", "x-api-key", "api-key"];

    /// <returns>Null with <paramref name="hash"/> set if a header contains exactly one API key with a valid checksum.</returns>
    public static Rejection? Read(HttpRequest request, out KeyHash hash)
    {
        hash = default;
        if (KeyInQuery.Find(request.QueryString.Value) is { } misplaced)
        {
            return misplaced;
        }

        var key = default(ReadOnlySpan<char>);
        foreach (var header in _headers)
        {
            foreach (var value in request.Headers[header])
            {
                var text = TextOf(value);
                if (!text.IsEmpty && !key.IsEmpty && !text.SequenceEqual(key))
                {
                    return Rejection.SeveralKeys;
                }

                key = text.IsEmpty ? key : text;
            }
        }

        if (key.IsEmpty)
        {
            return Rejection.MissingKey;
        }

        if (!KeySecret.IsWellFormed(key))
        {
            return Rejection.For(Verdict.InvalidApiKey);
        }

        Span<byte> bytes = stackalloc byte[KeyHash.Size];
        KeySecret.HashInto(key, bytes);
        hash = KeyHash.Of(bytes);
        return null;
    }

    /// <summary>The key in any of the headers, with or without a <c>Bearer</c> prefix.</summary>
    private static ReadOnlySpan<char> TextOf(string? value)
    {
        var text = value.AsSpan().Trim(' ');
        return text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..].TrimStart(' ')
            : text.Equals(Bearer.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase) ? default
            : text;
    }
}
