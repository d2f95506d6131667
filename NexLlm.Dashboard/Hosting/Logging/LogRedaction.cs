using System.Text.RegularExpressions;

namespace NexLlm.Dashboard.Hosting.Logging;

/// <summary>
/// The last line of defense before a log entry leaves the process. It should never find
/// anything; it exists for messages of third-party exceptions that quote a request.
/// </summary>
internal static partial class LogRedaction
{
    /// <summary>Removes secrets (<c>sk-…</c>) and query strings, which can contain one-time tokens.</summary>
    public static string Clean(string text) => Query().Replace(Secret().Replace(text, "sk-…"), "?…");

    /// <summary>Replaces line breaks, so that client input can't forge a log entry.</summary>
    public static string OneLine(string text) => ControlCharacters().Replace(text, " ");

    [GeneratedRegex("sk-[A-Za-z0-9_-]{16,}", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex("""\?[^\s"'<>=]+=[^\s"'<>]*""")]
    private static partial Regex Query();

    [GeneratedRegex(@"[\p{Cc}\u2028\u2029]+")]
    private static partial Regex ControlCharacters();
}
