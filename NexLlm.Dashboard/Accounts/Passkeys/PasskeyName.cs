using System.Globalization;
using System.Text;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>A person's name for a passkey.</summary>
public static class PasskeyName
{
    /// <summary>In UTF-16 code units, after trimming.</summary>
    public const int MaxLength = 64;

    /// <summary>Returns the trimmed name, or null and an error message.</summary>
    public static string? Parse(string? typed, out string error)
    {
        var text = typed?.Trim() ?? "";
        error = text switch
        {
            "" => "Enter a name, such as Work laptop.",
            { Length: > MaxLength } => $"Enter a name of at most {MaxLength} characters (currently {text.Length}).",
            _ when text.EnumerateRunes().Any(IsInvisible) => "Remove line breaks, tabs and invisible characters from the name.",
            _ => "",
        };
        return error is "" ? TypedText.Normalize(text, MaxLength) : null;
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
