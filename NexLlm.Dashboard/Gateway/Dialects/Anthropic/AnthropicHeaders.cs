using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace NexLlm.Dashboard.Gateway.Dialects.Anthropic;

/// <summary>
/// The only client headers that are forwarded: the version and betas of Anthropic's API. The body names what a request refers to
/// and is validated for that. Betas that only serve features blocked here are removed anyway.
/// </summary>
internal static class AnthropicHeaders
{
    public const string Version = "anthropic-version";
    public const string Beta = "anthropic-beta";

    private const int LongestVersion = 32;
    private const int LongestBetas = 2_048;

    /// <summary>
    /// Betas without their dates. They open data the provider keeps for the owner of the channel's key, or a model other than the
    /// validated one.
    /// </summary>
    private static readonly string[] _closed =
    [
        "files-api-", "skills-", "code-execution-", "mcp-client-", "mcp-tunnels-", "message-batches-", "message-threads-", "agent-memory-",
        "managed-agents-", "user-profiles-", "server-side-fallback-", "advisor-tool-",
    ];

    private static readonly SearchValues<char> _plain =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.");

    public static KeyValuePair<string, string>[] Of(IHeaderDictionary client)
    {
        var (version, betas) = (VersionIn(client[Version]), BetasIn(client[Beta]));
        return (version, betas) switch
        {
            (null, null) => [],
            ({ } v, null) => [new(Version, v)],
            (null, { } b) => [new(Beta, b)],
            ({ } v, { } b) => [new(Version, v), new(Beta, b)],
        };
    }

    private static string? VersionIn(StringValues header) =>
        header is [{ Length: > 0 and <= LongestVersion } version] && !version.AsSpan().ContainsAnyExcept(_plain) ? version : null;

    private static string? BetasIn(StringValues header)
    {
        if (header.ToString() is not { Length: > 0 and <= LongestBetas } text)
        {
            return null;
        }

        var open = string.Join(',', text.Split(',', StringSplitOptions.TrimEntries).Where(IsOpen));
        return open.Length == 0 ? null : open;
    }

    private static bool IsOpen(string beta) =>
        beta.Length > 0 && !beta.AsSpan().ContainsAnyExcept(_plain) && !Array.Exists(_closed, closed => beta.StartsWith(closed, StringComparison.OrdinalIgnoreCase));
}
