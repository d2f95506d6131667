using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>Sums the tokens of a prompt's texts directly from its JSON. Long texts are counted in pieces to avoid buffering them.</summary>
/// <param name="mostBytes">Text beyond this many bytes is only measured.</param>
/// <param name="mostTokens">The count above which the exact number no longer matters.</param>
internal ref struct PromptTally(TokenCounter counter, long mostBytes, long mostTokens)
{
    private const int Piece = 16 * 1_024;

    /// <summary>The longest JSON escape is a surrogate pair.</summary>
    private const int LongestEscape = 12;

    private long _tokens;
    private long _counted;
    private long _others;

    public readonly PromptCount Count => new(_tokens, _counted, _others);

    public readonly bool IsOver => _tokens + _others > mostTokens;

    public void Add(int tokens) => _tokens += tokens;

    /// <param name="json">Positioned at a string or a property name.</param>
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
        // Invalid text (lone surrogates, invalid UTF-8) has at most as many tokens as bytes.
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

    /// <summary>Splits before a space between two letters, where the tokenizer splits anyway and no escape sequence is cut.</summary>
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

        // The text is nothing but escapes. Cutting one makes the piece invalid, so it counts as one token per byte.
        return Piece;
    }
}
