using System.Text;

namespace NexLlm.Dashboard.Accounts;

/// <summary>The only place in Accounts that normalizes untrusted text.</summary>
internal static class TypedText
{
    /// <summary>
    /// Returns the text in normalization form C. Normalization is quadratic in a run of combining marks, so text that is too long is
    /// returned unchanged; it can't match any accepted value.
    /// </summary>
    public static string Normalize(string text, int maxLength)
    {
        if (text.Length > maxLength)
        {
            return text;
        }

#pragma warning disable RS0030 // The length is bounded.
        return WellFormed(text).Normalize(NormalizationForm.FormC);
#pragma warning restore RS0030
    }

    /// <summary>Replaces lone surrogates, which normalization rejects with an exception, with U+FFFD.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
