using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>
/// Adds up the tokens of a prompt's texts, as they stand in its JSON. A long text is counted in pieces, so that it takes no
/// memory of its own.
/// </summary>
/// <param name="mostBytes">Text beyond so many bytes is only measured.</param>
/// <param name="mostTokens">When there are more, nobody wants to know how many.</param>
internal ref struct PromptTally(TokenCounter counter, long mostBytes, long mostTokens)
{
    private const int Piece = 16 * 1_024;

    /// <summary>The longest escape in JSON, a surrogate pair.</summary>
    private const int LongestEscape = 12;

    private long _tokens;
    private long _counted;
    private long _others;

    public readonly PromptCount Count => new(_tokens, _counted, _others);

    public readonly bool IsOver => _tokens + _others > mostTokens;

    public void Add(int tokens) => _tokens += tokens;

    /// <param name="json">At a string or a name.</param>
    public void AddText(in Utf8JsonReader json)
    {
        var text = json.ValueSpan;
        if (text.Length <= Piece && _counted < mostBytes)
        {
            AddPiece(text, json.ValueIsEscaped);
            return;
        }

        while (!text.IsEmpty && _counted < mostBytes && !IsOver)
        {
            var length = PieceLength(text, json.ValueIsEscaped);
            AddPiece(text[..length], json.ValueIsEscaped);
            text = text[length..];
        }

        _others += text.Length;
    }

    private void AddPiece(ReadOnlySpan<byte> text, bool isEscaped)
    {
        _counted += text.Length;
        var characters = ArrayPool<char>.Shared.Rent(text.Length + 1);
        // What is no text (half a surrogate pair, bytes that are no UTF-8) has at most as many tokens as bytes.
        _tokens += (isEscaped ? TryUnescape(text, characters, out var length) : TryDecode(text, characters, out length))
            ? counter.Count(characters.AsSpan(0, length))
            : text.Length;
        ArrayPool<char>.Shared.Return(characters);
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, Span<char> characters, out int length) =>
        Utf8.ToUtf16(text, characters, out _, out length, replaceInvalidSequences: false) is OperationStatus.Done;

    private static bool TryUnescape(ReadOnlySpan<byte> text, Span<char> characters, out int length)
    {
        length = 0;
        var quoted = ArrayPool<byte>.Shared.Rent(text.Length + 2);
        try
        {
            text.CopyTo(quoted.AsSpan(1));
            quoted[0] = quoted[text.Length + 1] = (byte)'"';
            var json = new Utf8JsonReader(quoted.AsSpan(0, text.Length + 2));
            if (!json.Read() || json.BytesConsumed != text.Length + 2)
            {
                return false;
            }

            length = json.CopyString(characters);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(quoted);
        }
    }

    /// <summary>Cuts before a space between two letters, where the tokenizer parts words anyway and no escape is cut through.</summary>
    private static int PieceLength(ReadOnlySpan<byte> text, bool isEscaped)
    {
        if (text.Length <= Piece)
        {
            return text.Length;
        }

        for (var i = Piece; i > Piece / 2; i--)
        {
            if (text[i] == (byte)' ' && char.IsAsciiLetter((char)text[i - 1]) && char.IsAsciiLetter((char)text[i + 1 < text.Length ? i + 1 : i]))
            {
                return i;
            }
        }

        for (var i = Piece; i > Piece / 2; i--)
        {
            if ((text[i] & 0xc0) != 0x80 && (!isEscaped || !text[(i - LongestEscape)..i].Contains((byte)'\\')))
            {
                return i;
            }
        }

        // Nothing but escapes: a cut one makes the piece no text, which is taken to be a token a byte.
        return Piece;
    }
}
