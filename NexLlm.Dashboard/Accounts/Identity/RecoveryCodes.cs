using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>Codes for whoever has lost the phone. Each is shown once, works once, and is stored as a hash.</summary>
public static class RecoveryCodes
{
    /// <summary>How many somebody gets at once.</summary>
    public const int Count = 10;

    /// <summary>The longest entry that is looked at; longer ones are no code.</summary>
    public const int MaxTypedLength = 64;

    private const int Groups = 4, GroupLength = 4;

    // Without the letters and digits that look like others, and without vowels, which make words.
    private const string Alphabet = "23456789BCDFGHJKMNPQRTVWXY";

    /// <summary>75 random bits, such as <c>7XKP-M2QR-9DWT-HB4C</c>. Identity's own have 47: few enough to be found from their hashes.</summary>
    internal static string New() => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));

    /// <summary>Of one account, however the code is spelled: case, blanks and hyphens do not matter.</summary>
    internal static string Hash(long accountId, string code)
    {
        var plain = string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{accountId}:{plain}"))));
    }
}
