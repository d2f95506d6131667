using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The name of a key, chosen by its owner.</summary>
public static class KeyName
{
    /// <summary>In UTF-16 code units, after trimming.</summary>
    public const int MaxLength = 64;

    // Before letters and accents are composed.
    private const int MaxTypedLength = MaxLength * 4;

    /// <summary>Trims the text and composes accented letters, so that names that look the same are equal.</summary>
    public static bool TryParse(string? text, out string name, [NotNullWhen(false)] out string? error)
    {
        name = (text ?? "").Trim();
        error = null;
        if (name.Length == 0)
            error = "Enter a name, such as production-app.";
        else if (name.Length > MaxTypedLength)
            error = TooLong(name);
        else if (!PlainText.IsPrintable(name))
            error = "Remove line breaks, tabs and invisible characters from the name.";
        else if ((name = Compose(name)).Length > MaxLength)
            error = TooLong(name);
        else if (!name.EnumerateRunes().Any(IsVisible))
            error = "Enter a name with at least one visible character.";
        return error is null;
    }

    /// <summary>The form used to compare, sort and search names; it can be longer than the name.</summary>
    public static string Normalize(string name) =>
        Compose(name).ToUpperInvariant();

    /// <summary>
    /// Composes the text. Normalization takes quadratic time on runs of combining marks, so text too long for a name is returned
    /// unchanged.
    /// </summary>
    private static string Compose(string text)
    {
#pragma warning disable RS0030 // The length is bounded.
        return text.Length > MaxTypedLength ? text : text.Normalize(NormalizationForm.FormC);
#pragma warning restore RS0030
    }

    private static string TooLong(string name) => $"Enter a name of at most {MaxLength} characters (currently {name.Length}).";

    private static bool IsVisible(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);
}
