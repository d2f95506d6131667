using System.Text;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>Text as PostgreSQL can store it: without NUL, and only valid Unicode.</summary>
internal static class StorableText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text itself, or with U+FFFD for what can't be stored. One odd name sent by a client must not block everything else.</summary>
    public static string? Of(string? text) =>
        text is null || (!text.Contains('\0') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', Replacement);
}
