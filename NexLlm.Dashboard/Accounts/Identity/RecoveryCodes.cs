using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>Codes for people who have lost their phone. Each is shown once, works once, and is stored as a hash.</summary>
public static class RecoveryCodes
{
    /// <summary>The number of codes issued at a time.</summary>
    public const int Count = 10;

    /// <summary>The maximum length of an entry; anything longer can't be a code.</summary>
    public const int MaxTypedLength = 64;

    private const int Groups = 4, GroupLength = 4;

    // Excludes lookalike characters and vowels, which could form words.
    private const string Alphabet = "23456789BCDFGHJKMNPQRTVWXY";

    /// <summary>
    /// Creates a code with 75 random bits, such as <c>7XKP-M2QR-9DWT-HB4C</c>.
    /// Identity's own have 47, few enough to be recovered from their hashes.
    /// </summary>
    internal static string New() => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));

    /// <summary>Hashes a code of one account, ignoring case, blanks and hyphens.</summary>
    internal static string Hash(long accountId, string code)
    {
        var plain = string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{accountId}:{plain}"))));
    }
}
