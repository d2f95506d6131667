using System.Globalization;
using Microsoft.ML.Tokenizers;

namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>
/// Counts tokens of o200k_base. The vocabulary (42 MB) is loaded at first use. Thread-safe; its time grows with the length of
/// the text and not, as the tokenizer's own, with the square of its longest word.
/// </summary>
/// <remarks>Exact, but for words longer than <see cref="MaxPiece"/>: each cut through one can cost a token more.</remarks>
public sealed class TokenCounter
{
    /// <summary>Characters that go to the tokenizer at once.</summary>
    internal const int MaxPiece = 256;

    /// <summary>The most bytes of UTF-8 that one token of the vocabulary has.</summary>
    internal const int LongestToken = 128;

    private readonly Lazy<TiktokenTokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Never more than the text has bytes in UTF-8.</summary>
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

    /// <summary>The longest beginning that has at most so many tokens, cut between two of them.</summary>
    /// <returns>Its length in characters, and its tokens.</returns>
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
    /// Cuts where the tokenizer parts words anyway: before a single sign or space between two letters. Only a text without
    /// such a place is cut through.
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

    /// <summary>Apostrophes do not: “don't” is one word.</summary>
    private static bool Parts(char sign) => sign == ' '
        || (sign is not ('\'' or '’') && char.GetUnicodeCategory(sign) is UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.OtherPunctuation);
}
