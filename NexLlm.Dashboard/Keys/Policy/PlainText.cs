using System.Globalization;
using System.Text;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What a person may type into a one-line field: nothing that hides, breaks the line or turns the text around.</summary>
internal static class PlainText
{
    // Emoji and some scripts join letters with these two; every other format character only hides or reorders text.
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    public static bool IsPrintable(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done)
                return false; // half of a surrogate pair, which no encoding can store
            if (!IsPrintable(rune))
                return false;
            rest = rest[length..];
        }

        return true;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner,
        _ => true,
    };
}
