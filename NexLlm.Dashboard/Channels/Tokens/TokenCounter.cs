using System.Globalization;
using Microsoft.ML.Tokenizers;

namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>
/// Counts tokens with o200k_base. The vocabulary (42 MB) is loaded on first use. Thread-safe. The running time is linear in the length of
/// the text, unlike the tokenizer's own, which is quadratic in the longest word.
/// </summary>
/// <remarks>Exact except for words longer than <see cref="MaxPiece"/>, where each split can add one token.</remarks>
public sealed class TokenCounter
{
    /// <summary>The maximum number of characters passed to the tokenizer at once.</summary>
    internal const int MaxPiece = 256;

    /// <summary>The longest token of the vocabulary, in bytes of UTF-8.</summary>
    internal const int LongestToken = 128;

    private readonly Lazy<TiktokenTokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Never exceeds the text's size in bytes of UTF-8.</summary>
    public int Count(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        while (!text.IsEmpty)
        {
            var piece = text[..PieceLength(text)];
            tokens += _tokenizer.Value.CountTokens(piece);
            text = text[piece.Length..];
        }

        return tokens;
    }

    /// <summary>Finds the longest prefix with at most this many tokens, cut between two tokens.</summary>
    /// <returns>The prefix's length in characters, and its token count.</returns>
    internal (int Length, int Tokens) Fit(ReadOnlySpan<char> text, int most)
    {
        var (length, tokens) = (0, 0);
        while (length < text.Length && tokens < most)
        {
            var piece = text.Slice(length, PieceLength(text[length..]));
            var fits = _tokenizer.Value.GetIndexByTokenCount(piece, most - tokens, out _, out var count);
            (length, tokens) = (length + fits, tokens + count);
            if (fits < piece.Length)
            {
                break;
            }
        }

        return (length, tokens);
    }

    internal string Decode(IEnumerable<int> tokens) => _tokenizer.Value.Decode(tokens);

    /// <summary>
    /// Splits where the tokenizer splits anyway: before a single punctuation mark or
    /// space between two letters. Splits elsewhere only if there is no such place.
    /// </summary>
    private static int PieceLength(ReadOnlySpan<char> text)
    {
        if (text.Length <= MaxPiece)
        {
            return text.Length;
        }

        for (var i = MaxPiece; i > MaxPiece / 2; i--)
        {
            if (char.IsLetter(text[i - 1]) && char.IsLetter(text[i + 1 < text.Length ? i + 1 : i]) && Parts(text[i]))
            {
                return i;
            }
        }

        return char.IsHighSurrogate(text[MaxPiece - 1]) ? MaxPiece - 1 : MaxPiece;
    }

    /// <summary>Excludes apostrophes: “don't” is one word.</summary>
    private static bool Parts(char sign) => sign == ' '
        || (sign is not ('\'' or '’') && char.GetUnicodeCategory(sign) is UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.OtherPunctuation);
}
