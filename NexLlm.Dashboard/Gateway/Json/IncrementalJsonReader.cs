using System.Buffers;
using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// Reads JSON that arrives in arbitrary parts, in bounded memory. Incomplete tokens are carried over, and strings longer than any
/// the gateway reads (such as images) are skipped to their end.
/// </summary>
internal struct IncrementalJsonReader
{
    private const int LongestToken = 1024 * 1024;

    private static readonly SearchValues<byte> _beforeToken = SearchValues.Create(" \t\r\n,:"u8);

    private JsonReaderState _state;
    private byte[]? _carry;
    private int _carried, _enough, _mark;
    private bool _skips, _escaped;

    public bool IsBroken { get; private set; }

    public static IncrementalJsonReader Begin() => new() { _state = new JsonReaderState(new JsonReaderOptions { MaxDepth = ResponseParser.Deepest }) };

    public void Read(ReadOnlySpan<byte> part, bool last, ref ResponseParser parser, ref GeneratedText text)
    {
        if (_mark < 3) SkipMark(ref part);
        if (IsBroken || (_skips && !SkipTo(ref part, last))) return;
        if (_carried > 0)
        {
            Carry(part);
            // Retrying on every part would read a long token once per part.
            if (_carried < _enough && !last) return;
            part = _carry.AsSpan(0, _carried);
        }

        try
        {
            var json = new Utf8JsonReader(part, last, _state);
            while (json.Read()) parser.Take(ref json, ref text);
            _state = json.CurrentState;
            Leave(part[(int)json.BytesConsumed..]);
        }
        catch (JsonException)
        {
            IsBroken = true;
        }
    }

    public void Free()
    {
        if (_carry is not null) ArrayPool<byte>.Shared.Return(_carry);
        _carry = null;
    }

    /// <summary>Skips a byte order mark, which may be split across parts.</summary>
    private void SkipMark(ref ReadOnlySpan<byte> part)
    {
        while (_mark < 3 && !part.IsEmpty)
        {
            if (part[0] != "\uFEFF"u8[_mark])
            {
                IsBroken = _mark > 0;
                _mark = 3;
                return;
            }

            _mark++;
            part = part[1..];
        }
    }

    private void Leave(ReadOnlySpan<byte> left)
    {
        if (left.Length > LongestToken)
        {
            Skip(left);
            return;
        }

        _carried = 0;
        Carry(left);
        _enough = _carried * 2;
    }

    /// <summary>Replaces the long string, whose end hasn't arrived yet, with an empty one.</summary>
    private void Skip(ReadOnlySpan<byte> left)
    {
        var quote = left.IndexOfAnyExcept(_beforeToken);
        IsBroken = quote is < 0 or > 1024 || left[quote] != (byte)'"' || EndOfString(left[(quote + 1)..]) >= 0;
        if (IsBroken) return;
        Span<byte> before = stackalloc byte[1026];
        left[..(quote + 1)].CopyTo(before);
        before[quote + 1] = (byte)'"';
        _carried = 0;
        Carry(before[..(quote + 2)]);
        _skips = true;
    }

    private bool SkipTo(ref ReadOnlySpan<byte> part, bool last)
    {
        var end = EndOfString(part);
        IsBroken = end < 0 && last;
        if (end < 0) return false;
        part = part[(end + 1)..];
        (_skips, _enough) = (false, 0);
        return true;
    }

    private int EndOfString(ReadOnlySpan<byte> text)
    {
        var at = _escaped ? 1 : 0;
        while (at < text.Length)
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0) break;
            at += next;
            if (text[at] == (byte)'"')
            {
                _escaped = false;
                return at;
            }

            at += 2;
        }

        // The index is past the end only if the text ends with a backslash or nothing follows one.
        _escaped = at > text.Length;
        return -1;
    }

    private void Carry(ReadOnlySpan<byte> more)
    {
        var length = _carried + more.Length;
        if (_carry is null || _carry.Length < length)
        {
            if (length == 0) return;
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _carried * 2));
            _carry.AsSpan(0, _carried).CopyTo(larger);
            more.CopyTo(larger.AsSpan(_carried));
            Free();
            _carry = larger;
        }
        else more.CopyTo(_carry.AsSpan(_carried));

        _carried = length;
    }
}
