namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// The rules for new passwords, following NIST SP 800-63B-4: long and hard to guess, without required character classes or expiration.
/// </summary>
public static class PasswordRules
{
    /// <summary>In Unicode code points, which match what people count as characters. Long, because the password is the only factor.</summary>
    public const int MinLength = 15;

    public const int MaxLength = 128;

    /// <summary>In UTF-16 code units as entered: a character may be a surrogate pair or a letter with combining marks.</summary>
    public const int MaxTypedLength = MaxLength * 4;

    public const string Hint = "At least 15 characters. A few unrelated words are easy to remember and hard to guess.";

    /// <summary>The minimum number of characters that must remain after removing everything attackers try first.</summary>
    private const int MinUnguessable = 8;

    /// <summary>Makes passwords independent of the keyboard: composed and decomposed accents become equal.</summary>
    public static string Normalize(string password) => TypedText.Normalize(password, MaxTypedLength);

    /// <summary>Checks a password. Returns an error message with the next step, or null if it is accepted.</summary>
    public static string? Check(string? password, string? email)
    {
        if (password?.Length > MaxTypedLength)
        {
            return TooLong(password.Length);
        }

        var text = Normalize(password ?? "");
        var length = text.EnumerateRunes().Count();
        return length switch
        {
            0 => "Enter a password.",
            < MinLength => $"This password has {Characters(length)}; it needs at least {MinLength}. Add a word or two.",
            > MaxLength => TooLong(length),
            _ => CheckGuessable(text.ToLowerInvariant(), email?.ToLowerInvariant()),
        };
    }

    private static string TooLong(int length) => $"This password has {Characters(length)}; at most {MaxLength} are allowed. Shorten it.";

    private static string? CheckGuessable(string text, string? email)
    {
        if (Period(text) <= text.Length / 2)
        {
            return "This password repeats itself. Use several unrelated words.";
        }

        if (Unguessable(text) < MinUnguessable)
        {
            return "This password is a run of neighboring or repeated characters. Use several unrelated words.";
        }

        var withoutOwn = Without(text, EmailParts(email));
        if (Unguessable(withoutOwn) < MinUnguessable)
        {
            return "This password is mostly your email address. Use several unrelated words.";
        }

        return Unguessable(Without(withoutOwn, CommonPasswords.Parts)) < MinUnguessable || CommonPasswords.Phrases.Contains(LettersAndDigits(text))
            ? "This password is too common. Use several unrelated words."
            : null;
    }

    /// <summary>Counts the letters and digits that don't merely continue a run: "aaaa", "4567" and "qwer" count as two.</summary>
    private static int Unguessable(string text)
    {
        var symbols = LettersAndDigits(text);
        var count = 0;
        for (var i = 0; i < symbols.Length; i++)
        {
            var carriesOn = i > 1 && AreNeighbours(symbols[i - 2], symbols[i - 1]) && AreNeighbours(symbols[i - 1], symbols[i]);
            count += carriesOn ? 0 : 1;
        }

        return Math.Min(count, symbols.Distinct().Count() * 2);
    }

    private static bool AreNeighbours(char one, char other) =>
        Math.Abs(one - other) <= 1
        || CommonPasswords.KeyboardRows.Any(row => row.Contains($"{one}{other}", StringComparison.Ordinal) || row.Contains($"{other}{one}", StringComparison.Ordinal));

    /// <summary>The length of the shortest prefix that, repeated, forms the whole text.</summary>
    private static int Period(string text)
    {
        var period = 1;
        while (!text.AsSpan(period).SequenceEqual(text.AsSpan(0, text.Length - period)))
        {
            period++;
        }

        return period;
    }

    private static string Without(string text, IEnumerable<string> parts) =>
        parts.OrderByDescending(p => p.Length).Aggregate(text, (left, part) => left.Replace(part, " ", StringComparison.Ordinal));

    private static IEnumerable<string> EmailParts(string? email) =>
        email is null ? [] : email.Split(['@', '.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries).Append(email).Where(p => p.Length >= 3);

    private static string LettersAndDigits(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static string Characters(int count) => count is 1 ? "1 character" : $"{count} characters";
}
