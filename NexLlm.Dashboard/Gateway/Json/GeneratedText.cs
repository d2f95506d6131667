using System.Buffers;
using System.Globalization;
using System.Text;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The text generated so far, in a pooled buffer.</summary>
internal struct GeneratedText
{
    /// <summary>The maximum characters kept, more than any model writes in one response. Only the length of the rest is known.</summary>
    internal const int Longest = 1024 * 1024;

    private char[]? _kept;
    private int _length;

    public readonly ReadOnlySpan<char> Kept => _kept.AsSpan(0, _length);

    /// <summary>The number of characters not kept.</summary>
    public long Beyond { get; private set; }

    /// <summary>The number of strings the text arrived in.</summary>
    public long Pieces { get; private set; }

    /// <param name="json">The content between a JSON string's quotes, including valid escapes.</param>
    public void Add(ReadOnlySpan<byte> json, bool isEscaped)
    {
        if (json.IsEmpty) return;
        Pieces++;
        if (_length + json.Length > Longest)
        {
            Beyond += json.Length;
            return;
        }

        MakeRoom(json.Length);
        if (!isEscaped) _length += Encoding.UTF8.GetChars(json, _kept.AsSpan(_length));
        else Unescape(json);
    }

    /// <summary>Adds text unless it repeats an earlier piece.</summary>
    /// <returns>The position of the text.</returns>
    public Piece AddUnlessRepeated(ReadOnlySpan<byte> json, bool isEscaped, Piece earlier)
    {
        var start = _length;
        Add(json, isEscaped);
        var added = Kept[start..];
        if (added.IsEmpty || !added.SequenceEqual(Kept.Slice(earlier.Start, earlier.Length))) return new Piece(start, added.Length);
        _length = start;
        Pieces--;
        return earlier;
    }

    public void Free()
    {
        if (_kept is not null) ArrayPool<char>.Shared.Return(_kept);
        (_kept, _length) = (null, 0);
    }

    // A lone surrogate is kept, because its other half may arrive with the next piece.
    private void Unescape(ReadOnlySpan<byte> json)
    {
        for (int at; (at = json.IndexOf((byte)'\\')) >= 0;)
        {
            _length += Encoding.UTF8.GetChars(json[..at], _kept.AsSpan(_length));
            var isHex = json[at + 1] == (byte)'u';
            _kept![_length++] = json[at + 1] switch
            {
                (byte)'u' => (char)ushort.Parse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                (byte)'n' => '\n',
                (byte)'t' => '\t',
                (byte)'r' => '\r',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                var itself => (char)itself,
            };
            json = json[(at + (isHex ? 6 : 2))..];
        }

        _length += Encoding.UTF8.GetChars(json, _kept.AsSpan(_length));
    }

    private void MakeRoom(int more)
    {
        if (_kept is not null && _length + more <= _kept.Length) return;
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(1024, Math.Max(_length + more, _length * 2)));
        Kept.CopyTo(larger);
        var length = _length;
        Free();
        (_kept, _length) = (larger, length);
    }

    internal readonly record struct Piece(int Start, int Length);
}
