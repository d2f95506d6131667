using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Parses and normalizes entered emails. No email is ever sent.</summary>
public static class EmailAddress
{
    public const int MaxLength = 254;

    /// <summary>Returns the trimmed email, or null and an error message.</summary>
    public static string? Parse(string? typed, out string error)
    {
        var text = typed?.Trim() ?? "";
        error = text switch
        {
            "" => "Enter an email address.",
            { Length: > MaxLength } => $"An email address can have up to {MaxLength} characters; this one has {text.Length}.",
            _ when !IsAddress(text) => "Enter a valid email address, such as ada@example.com.",
            _ => "",
        };
        return error is "" ? text : null;
    }

    /// <summary>The normalized form shared by all spellings of an email, as stored by Identity. Accepts any text.</summary>
    public static string Key(string? typed) => TypedText.Normalize(typed?.Trim() ?? "", MaxLength).ToUpperInvariant();

    /// <summary>Whether the text is longer than any account's email and so can't match one.</summary>
    public static bool IsTooLong(string typed) => typed.AsSpan().Trim().Length > MaxLength;

    /// <summary>A hash that represents an email where the text itself must not be stored: people also type passwords into this field.</summary>
    public static byte[] Hash(string? typed) => SHA256.HashData(Encoding.UTF8.GetBytes(Key(typed)));

    private static bool IsAddress(string text) =>
        text.All(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && !char.IsSurrogate(c))
        && MailAddress.TryCreate(text, out var address)
        && address.Address == text;
}
