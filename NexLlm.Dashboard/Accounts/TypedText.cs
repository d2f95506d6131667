using System.Text;

namespace NexLlm.Dashboard.Accounts;

/// <summary>The one place in which this room normalizes text that a stranger sent.</summary>
internal static class TypedText
{
    /// <summary>
    /// The composed form. Normalization takes quadratic time on a run of combining marks, so longer text is returned as it is:
    /// it equals nothing that was ever accepted.
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

    /// <summary>Lone halves of surrogate pairs, on which normalization throws, become U+FFFD.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
