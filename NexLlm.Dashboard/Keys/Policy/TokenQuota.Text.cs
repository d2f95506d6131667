using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NexLlm.Dashboard.Keys.Policy;

public readonly partial record struct TokenQuota
{
    private const string Form = "Enter a whole number of tokens, such as 250000, 1,000,000 or 1.5M.";

    private static readonly (long Size, string Letter, string Word)[] _scales =
        [(1_000_000_000_000, "T", "trillion"), (1_000_000_000, "B", "billion"), (1_000_000, "M", "million"), (1_000, "K", "thousand")];

    /// <summary>
    /// Parses 250000, 1,000,000, 1_000_000, 1'000'000, 1 000 000 (with any kind of space), 250K, 1.5M, 2B or 1T; from 1 to
    /// <see cref="MaxTokens"/>.
    /// </summary>
    public static bool TryParseTokens(string? text, out long tokens, [NotNullWhen(false)] out string? error)
    {
        tokens = 0;
        text = PlainText.Clean(text).Trim().Replace('’', '\'');
        var match = Amount().Match(text);
        if (!match.Success)
        {
            error = MisplacedSeparators().IsMatch(text)
                ? "Use groups of three digits, such as 1,000,000."
                : Form;
            return false;
        }

        var scale = _scales.FirstOrDefault(s => s.Letter.Equals(match.Groups["scale"].Value, StringComparison.OrdinalIgnoreCase)).Size;
        var whole = Separators().Replace(match.Groups["whole"].Value, "");
        var fraction = match.Groups["fraction"].Value.TrimEnd('0');
        if (!decimal.TryParse($"{whole}.{fraction}0", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || amount > MaxTokens
            || (amount *= Math.Max(1, scale)) > MaxTokens)
            error = $"Enter at most {MaxTokens.ToString("N0", CultureInfo.InvariantCulture)} tokens, or turn on Unlimited Quota.";
        else if (fraction.Length > 28 || amount != decimal.Truncate(amount))
            error = $"{match.Value} is not a whole number of tokens. {Form}";
        else if (amount == 0)
            error = "Enter at least 1 token. To stop a key, disable it.";
        else
        {
            tokens = (long)amount;
            error = null;
        }

        return error is null;
    }

    /// <summary>Confirms a typed number: "1.25 million tokens", with "about" if rounded.</summary>
    public static string InWords(long tokens)
    {
        foreach (var (size, _, word) in _scales)
        {
            // Rounding 999,999 gives 1,000 thousand, which should read as a million.
            var rounded = decimal.Round((decimal)tokens / size, 2, MidpointRounding.AwayFromZero);
            if (rounded < 1)
                continue;
            var about = rounded * size == tokens ? "" : "about ";
            return string.Create(CultureInfo.InvariantCulture, $"{about}{rounded:#,0.##} {word} tokens");
        }

        return tokens == 1 ? "1 token" : string.Create(CultureInfo.InvariantCulture, $"{tokens} tokens");
    }

    /// <summary>The exact number: "1,250,000 tokens".</summary>
    public static string Counted(long tokens) => tokens == 1 ? "1 token" : string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} tokens");

    /// <summary>For a table cell: "1.24M". Three digits, rounded down, so that it never overstates.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Short as opposed to in words, not the integer.")]
    public static string Short(long tokens)
    {
        foreach (var (size, letter, _) in _scales)
        {
            if (tokens < size)
                continue;
            var step = (tokens / size) switch { >= 100 => size, >= 10 => size / 10, _ => size / 100 };
            return string.Create(CultureInfo.InvariantCulture, $"{(decimal)(tokens / step * step) / size:0.##}{letter}");
        }

        return tokens.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"\A(?:(?<whole>[0-9]+|[0-9]{1,3}(?<separator>[,_' ])[0-9]{3}(?:\k<separator>[0-9]{3})*)|(?<whole>[0-9]+)(?:\.(?<fraction>[0-9]+))? ?(?<scale>[KMBTkmbt]))\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Amount();

    [GeneratedRegex("[,_' ]")]
    private static partial Regex Separators();

    [GeneratedRegex(@"\A[0-9][0-9,_' ]*\z")]
    private static partial Regex MisplacedSeparators();
}
