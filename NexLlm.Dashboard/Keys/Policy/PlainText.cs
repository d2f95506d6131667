using System.Buffers;
using System.Globalization;
using System.Text;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>Text typed or pasted into a field.</summary>
internal static class PlainText
{
    // Emoji and some scripts join letters with these two; all other format characters only hide or reorder text.
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    // Unicode classifies these as letters, marks or symbols, but they draw nothing.
    private static readonly SearchValues<char> _blanks = SearchValues.Create("\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0");

    /// <summary>Whether a one-line field may contain the text: nothing that is invisible, breaks the line or reverses the text.</summary>
    public static bool IsPrintable(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done)
                return false; // half of a surrogate pair, which no encoding can store
            if (!IsPrintable(rune))
                return false;
            rest = rest[length..];
        }

        return true;
    }

    /// <summary>
    /// The text as its author sees it, for fields with plain ASCII values: without the invisible characters copied from web pages
    /// and chats, and with an ordinary space for every other kind of space.
    /// </summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text) || Ascii.IsValid(text))
            return text ?? "";
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator)
                clean.Append(' ');
            else if (char.GetUnicodeCategory(c) is not UnicodeCategory.Format && !_blanks.Contains(c))
                clean.Append(c);
        }

        return clean.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner,
        _ => !rune.IsBmp || !_blanks.Contains((char)rune.Value),
    };
}
