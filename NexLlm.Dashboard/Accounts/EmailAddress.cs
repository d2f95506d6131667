using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;

namespace NexLlm.Dashboard.Accounts;

/// <summary>What is typed where an e-mail address is asked for. Nothing is ever sent to it.</summary>
public static class EmailAddress
{
    public const int MaxLength = 254;

    /// <summary>The address without surrounding blanks, or null and what is wrong with it.</summary>
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

    /// <summary>What two spellings of one address have in common, as Identity stores it. Takes any text.</summary>
    public static string Key(string? typed) => TypedText.Normalize(typed?.Trim() ?? "", MaxLength).ToUpperInvariant();

    /// <summary>Longer than any account's address, which makes it nobody's.</summary>
    public static bool IsTooLong(string typed) => typed.AsSpan().Trim().Length > MaxLength;

    /// <summary>Stands for an address where the address itself has no business: people type passwords into this field too.</summary>
    public static byte[] Hash(string? typed) => SHA256.HashData(Encoding.UTF8.GetBytes(Key(typed)));

    private static bool IsAddress(string text) =>
        text.All(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && !char.IsSurrogate(c))
        && MailAddress.TryCreate(text, out var address)
        && address.Address == text;
}
