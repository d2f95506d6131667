using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// Reads an upstream's answer on its way to the client: where its events end, what it says was used, and what text was
/// made in case it never says. Nothing that an upstream sends makes it throw.
/// </summary>
public sealed class ResponseReader : IDisposable
{
    /// <summary>The most bytes of one event.</summary>
    public const int LongestEvent = 16 * 1024 * 1024;

    // Only of text beyond what any model makes, and what is kept.
    private const int BytesPerToken = 4;

    private static readonly JsonReaderOptions _options = new() { MaxDepth = ResponseParser.Deepest };

    // A reader is half a kilobyte: a request usually takes one that has just become free.
    [ThreadStatic]
    private static ResponseReader? _free;

    private ApiDescriptor _api;
    private bool _isRented, _dropsUsage;
    private SseFramer _framer;
    private IncrementalJsonReader _parts;
    private ResponseParser _whole;
    private GeneratedText _text;
    private ReportedUsage _usage, _side;
    private int _sides;
    private long _seconds, _ended;
    private bool _dropped;

    private ResponseReader(ApiDescriptor api) => _api = api;

    /// <summary>A reader for one answer, until it is disposed of.</summary>
    /// <param name="dropUsage">Whether a stream's chunk that holds only usage is dropped, because the client did not ask for it.</param>
    /// <param name="answers">How many answers are made, each with an event that ends it: the last of those ends the stream.</param>
    public static ResponseReader Rent(UpstreamApi api, bool dropUsage, long answers = 1)
    {
        var described = DialectRegistry.Describe(api);
        var reader = _free ?? new ResponseReader(described);
        _free = null;
        (reader._isRented, reader._api) = (true, described);
        // The other APIs tell usage by themselves.
        reader._dropsUsage = dropUsage && described.HasUsageOption;
        reader._parts = IncrementalJsonReader.Begin();
        reader._whole = ResponseParser.Begin(described, isEvent: false);
        (reader._framer, reader._text, reader._usage, reader._side) = (default, default, default, default);
        (reader._sides, reader._seconds, reader._ended, reader._dropped) = (0, 0, 0, false);
        (reader.UsageAt, reader.Answers, reader.HasBegun) = (default, answers, false);
        return reader;
    }

    /// <summary>What the upstream says it read; null if it did not say, or nothing that can be believed.</summary>
    public long? InputTokens => MakesNothing ? Usage.Total : Usage.Input;

    /// <summary>What the upstream says it made; null if it did not say, or nothing that can be believed, as that there was nothing after text came.</summary>
    public long? OutputTokens => MakesNothing
        ? InputTokens is null ? null : 0
        : Usage.Output is 0 && _text.Pieces > 0 ? null : Usage.Output;

    /// <summary>Where the usage stands in an event of the kind <see cref="SseAction.Trim"/>, the one that was read last.</summary>
    public Range UsageAt { get; private set; }

    /// <summary>How long the recording was, in whole seconds begun; null if the upstream did not say.</summary>
    public long? Seconds => _seconds > 0 ? _seconds : null;

    /// <summary>Whether anything of an answer came.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>How many pieces of text came: about as many as tokens in a stream that does not gather them.</summary>
    public long Deltas => _text.Pieces;

    /// <summary>The text made so far, in the order in which it came.</summary>
    internal ReadOnlySpan<char> Text => _text.Kept;

    private long Answers { get; set; }

    private bool MakesNothing => !_api.HasOutput;

    /// <summary>Usage told in several places beside the usual one may be that of a choice each: then it is counted here.</summary>
    private ReportedUsage Usage => _sides == 1 ? _side.With(_usage) : _usage;

    /// <summary>Reads the next event of a stream.</summary>
    /// <param name="unread">What came of the stream and was not returned as an event before; the next call has the same and more, or what follows the event.</param>
    /// <returns>The event's length with its blank line; 0 if it is incomplete or too large.</returns>
    public int NextEvent(ReadOnlySpan<byte> unread, out SseAction kind)
    {
        var length = _framer.Next(unread);
        if (length > LongestEvent || (length == 0 && unread.Length > LongestEvent))
        {
            kind = SseAction.TooLarge;
            return 0;
        }

        kind = SseAction.Incomplete;
        if (length == 0) return 0;
        // A blank line by itself keeps the stream alive, or is the rest of the event before it.
        if (unread[0] is not ((byte)'\r' or (byte)'\n')) kind = Event(unread[..length]);
        else kind = _dropped && unread[0] == (byte)'\n' ? SseAction.Drop : SseAction.Pass;
        _dropped = kind is SseAction.Drop && unread[length - 1] == (byte)'\r';
        return length;
    }

    /// <summary>Reads what is left when a stream has ended without a blank line: most clients take that for an event.</summary>
    public SseAction LastEvent(ReadOnlySpan<byte> unread) => Event(unread);

    /// <summary>Reads the next part of an answer in one piece. Its usage is known when the last was read.</summary>
    /// <param name="last">Whether nothing follows.</param>
    public void ReadJson(ReadOnlySpan<byte> part, bool last)
    {
        HasBegun |= !part.IsEmpty;
        _parts.Read(part, last, ref _whole, ref _text);
        if (!last || _parts.IsBroken) return;
        _seconds = _whole.Seconds;
        if (!_whole.Usage.IsBroken) _usage = _whole.Usage;
        KeepSide(_whole.Side);
    }

    /// <summary>Takes note of the next part of an answer that is no JSON: audio, a picture, or a transcript as plain text.</summary>
    public void ReadMedia(ReadOnlySpan<byte> part)
    {
        HasBegun |= !part.IsEmpty;
        if (_api.IsTranscript) _text.Add(part, isEscaped: false);
    }

    /// <summary>The text made so far, in characters, as much of it as is kept.</summary>
    public int TextLength => _text.Kept.Length;

    /// <summary>Without counting it.</summary>
    public long EstimatedText => (_text.Kept.Length + _text.Beyond) / BytesPerToken;

    /// <summary>Counts the text made so far. Takes as long as the text; <see cref="Deltas"/> costs nothing.</summary>
    public long CountText(TokenCounter tokens) => tokens.Count(_text.Kept) + (_text.Beyond / BytesPerToken);

    public void Dispose()
    {
        // Given back twice, two requests would have it.
        if (!_isRented) return;
        _isRented = false;
        _text.Free();
        _parts.Free();
        _free = this;
    }

    private SseAction Event(ReadOnlySpan<byte> lines)
    {
        using var fields = new SseEvent(lines);
        if (fields.Data.Trim((byte)' ').SequenceEqual("[DONE]"u8)) return SseAction.Final;
        var parser = ResponseParser.Begin(_api, isEvent: true);
        HasBegun |= !fields.Data.IsEmpty;
        var isJson = !fields.Data.IsEmpty && Parse(fields.Data, ref parser);
        if (isJson) Keep(parser);
        if ((parser.IsFinal || (!parser.HasType && _api.EndsWith(fields.Name))) && ++_ended >= Answers) return SseAction.Final;
        return isJson && _dropsUsage && !parser.HasChoices && parser.Usage.IsThere ? Without(lines, fields.Data) : SseAction.Pass;
    }

    /// <summary>What becomes of an event whose usage the client did not ask for.</summary>
    private SseAction Without(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> data)
    {
        if (!UsageChunk.HasMore(data, out var usage)) return SseAction.Drop;
        // Data of several lines was put together elsewhere; nobody is known to write such a chunk that way.
        if (!lines.Overlaps(data, out var start)) return SseAction.Pass;
        UsageAt = (start + usage.Start.Value)..(start + usage.End.Value);
        return SseAction.Trim;
    }

    private bool Parse(ReadOnlySpan<byte> data, ref ResponseParser parser)
    {
        try
        {
            var json = new Utf8JsonReader(data, _options);
            while (json.Read()) parser.Take(ref json, ref _text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Keep(in ResponseParser parser)
    {
        KeepSide(parser.Side);
        _seconds = Math.Max(_seconds, parser.Seconds);
        if (!parser.Usage.IsThere) return;
        _usage = _api.Usage switch
        {
            // What was made by then is told at the start, and all of it at the end.
            UsageReport.InputFirst => _usage.With(parser.UsageIsOfWhole ? parser.Usage.WithoutOutput() : parser.Usage),
            UsageReport.FinalOnly => parser.IsFinal ? _usage.With(parser.Usage) : _usage,
            // Each image is told by itself.
            UsageReport.Sum => _usage.Plus(parser.Usage),
            UsageReport.Latest => _usage.With(parser.Usage),
        };
    }

    private void KeepSide(in ReportedUsage side)
    {
        if (side.IsBroken) _sides++;
        if (side.IsBroken || (side.Input is null && side.Output is null or 0)) return;
        _side = side;
        _sides++;
    }
}
