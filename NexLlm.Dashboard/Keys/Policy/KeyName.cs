using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The name that a person gives a key.</summary>
public static class KeyName
{
    /// <summary>In UTF-16 code units, after trimming.</summary>
    public const int MaxLength = 64;

    // Before letters and their accents are composed.
    private const int MaxTypedLength = MaxLength * 4;

    /// <summary>Trims, and brings letters with accents to one spelling, so that what looks alike is alike.</summary>
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

    /// <summary>The form in which names are compared, sorted and searched; it can be longer than the name.</summary>
    public static string Normalize(string name) =>
        Compose(name).ToUpperInvariant();

    /// <summary>Normalization takes quadratic time on a run of combining marks; longer text is no name and stays as it is.</summary>
    private static string Compose(string text)
    {
#pragma warning disable RS0030 // The length is bounded.
        return text.Length > MaxTypedLength ? text : text.Normalize(NormalizationForm.FormC);
#pragma warning restore RS0030
    }

    private static string TooLong(string name) => $"Enter a name of at most {MaxLength} characters (currently {name.Length}).";

    private static bool IsVisible(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);
}
