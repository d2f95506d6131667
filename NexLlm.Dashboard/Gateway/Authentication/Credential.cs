using Microsoft.Extensions.Primitives;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Gateway.Authentication;

/// <summary>Finds the one API key that a request carries. Allocates nothing.</summary>
internal static class Credential
{
    private const string Bearer = "Bearer ";

    /// <summary>
    /// False unless there is exactly one credential, in a header, whose checksum is right. An address ends up in logs and
    /// histories, so a key in one is refused even beside a good header.
    /// </summary>
    public static bool TryRead(HttpRequest request, out KeyHash hash)
    {
        hash = default;
        if (MentionsKey(request.QueryString.Value))
        {
            return false;
        }

        var authorization = request.Headers.Authorization;
        var apiKey = request.Headers["x-api-key"];
        if (authorization.Count + apiKey.Count != 1)
        {
            return false;
        }

        var text = authorization.Count == 1 ? OfBearer(authorization) : apiKey.ToString().AsSpan();
        if (!KeySecret.IsWellFormed(text))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[KeyHash.Size];
        KeySecret.HashInto(text, bytes);
        hash = KeyHash.Of(bytes);
        return true;
    }

    private static ReadOnlySpan<char> OfBearer(StringValues header)
    {
        var text = header.ToString().AsSpan();
        return text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..].Trim(' ') : default;
    }

    private static bool MentionsKey(string? query) =>
        query is { Length: > 1 }
        && (query.Contains("sk-", StringComparison.OrdinalIgnoreCase)
            || query.Contains("key=", StringComparison.OrdinalIgnoreCase)
            || query.Contains("token=", StringComparison.OrdinalIgnoreCase));
}
