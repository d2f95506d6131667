using System.Text.RegularExpressions;

namespace NexLlm.Dashboard.Hosting.Logging;

/// <summary>
/// The last door before a log leaves the program. Nothing here should ever have work to do; it is there for the
/// message of somebody else's exception that quotes a request.
/// </summary>
internal static partial class LogRedaction
{
    /// <summary>Without secrets (<c>sk-…</c>) and without query strings, which carry one-time tokens.</summary>
    public static string Clean(string text) => Query().Replace(Secret().Replace(text, "sk-…"), "?…");

    /// <summary>On one line: what a client sent must not look like a line of its own.</summary>
    public static string OneLine(string text) => ControlCharacters().Replace(text, " ");

    [GeneratedRegex("sk-[A-Za-z0-9_-]{16,}", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex("""\?[^\s"'<>=]+=[^\s"'<>]*""")]
    private static partial Regex Query();

    [GeneratedRegex(@"[\p{Cc}\u2028\u2029]+")]
    private static partial Regex ControlCharacters();
}
