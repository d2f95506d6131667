using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// Reads a provider's response on its way to the client: where its events end, the reported usage, and the generated text in case
/// no usage is reported. No provider data makes it throw.
/// </summary>
public sealed class ResponseReader : IDisposable
{
    /// <summary>The maximum bytes of one event.</summary>
    public const int LongestEvent = 16 * 1024 * 1024;

    // Used only for text beyond any model's output and beyond what is kept.
    private const int BytesPerToken = 4;

    private static readonly JsonReaderOptions _options = new() { MaxDepth = ResponseParser.Deepest };

    // A reader takes half a kilobyte, so each thread reuses the one released last.
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

    /// <summary>Rents a reader for one response, until it is disposed.</summary>
    /// <param name="dropUsage">Whether to drop a stream's usage-only chunk, because the client didn't request it.</param>
    /// <param name="answers">The number of responses, each ended by an event; the last one ends the stream.</param>
    public static ResponseReader Rent(UpstreamApi api, bool dropUsage, long answers = 1)
    {
        var described = DialectRegistry.Describe(api);
        var reader = _free ?? new ResponseReader(described);
        _free = null;
        (reader._isRented, reader._api) = (true, described);
        // The other APIs report usage unasked.
        reader._dropsUsage = dropUsage && described.HasUsageOption;
        reader._parts = IncrementalJsonReader.Begin();
        reader._whole = ResponseParser.Begin(described, isEvent: false);
        (reader._framer, reader._text, reader._usage, reader._side) = (default, default, default, default);
        (reader._sides, reader._seconds, reader._ended, reader._dropped) = (0, 0, 0, false);
        (reader.UsageAt, reader.Answers, reader.HasBegun) = (default, answers, false);
        return reader;
    }

    /// <summary>The reported input tokens; null if not reported or implausible.</summary>
    public long? InputTokens => MakesNothing ? Usage.Total : Usage.Input;

    /// <summary>The reported output tokens; null if not reported or implausible, such as zero after text was received.</summary>
    public long? OutputTokens => MakesNothing
        ? InputTokens is null ? null : 0
        : Usage.Output is 0 && _text.Pieces > 0 ? null : Usage.Output;

    /// <summary>The range of the usage in the last event read, if that is <see cref="SseAction.Trim"/>.</summary>
    public Range UsageAt { get; private set; }

    /// <summary>The length of the recording in seconds, rounded up; null if not reported.</summary>
    public long? Seconds => _seconds > 0 ? _seconds : null;

    /// <summary>Whether any part of a response has arrived.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The number of text pieces, which is about the number of tokens unless the stream batches them.</summary>
    public long Deltas => _text.Pieces;

    /// <summary>The text generated so far, in order of arrival.</summary>
    internal ReadOnlySpan<char> Text => _text.Kept;

    private long Answers { get; set; }

    private bool MakesNothing => !_api.HasOutput;

    /// <summary>
    /// Usage found in several unusual places may belong to one choice each, so it is ignored; without usage in the usual place,
    /// the gateway counts the tokens itself.
    /// </summary>
    private ReportedUsage Usage => _sides == 1 ? _side.With(_usage) : _usage;

    /// <summary>Reads the next event of a stream.</summary>
    /// <param name="unread">
    /// The received bytes not yet returned as an event; the next call passes the same and more, or what follows the event.
    /// </param>
    /// <returns>The event's length including its blank line; 0 if it is incomplete or too large.</returns>
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
        // A blank line alone keeps the stream alive or is the rest of the previous event.
        if (unread[0] is not ((byte)'\r' or (byte)'\n')) kind = Event(unread[..length]);
        else kind = _dropped && unread[0] == (byte)'\n' ? SseAction.Drop : SseAction.Pass;
        _dropped = kind is SseAction.Drop && unread[length - 1] == (byte)'\r';
        return length;
    }

    /// <summary>Reads the rest of a stream that ended without a blank line, which most clients treat as an event.</summary>
    public SseAction LastEvent(ReadOnlySpan<byte> unread) => Event(unread);

    /// <summary>Reads the next part of a non-streamed response. Its usage is known after the last part.</summary>
    /// <param name="last">Whether this is the last part.</param>
    public void ReadJson(ReadOnlySpan<byte> part, bool last)
    {
        HasBegun |= !part.IsEmpty;
        _parts.Read(part, last, ref _whole, ref _text);
        if (!last || _parts.IsBroken) return;
        _seconds = _whole.Seconds;
        if (!_whole.Usage.IsBroken) _usage = _whole.Usage;
        KeepSide(_whole.Side);
    }

    /// <summary>Records the next part of a response that isn't JSON: audio, an image, or a plain-text transcript.</summary>
    public void ReadMedia(ReadOnlySpan<byte> part)
    {
        HasBegun |= !part.IsEmpty;
        if (_api.IsTranscript) _text.Add(part, isEscaped: false);
    }

    /// <summary>The number of characters kept of the generated text.</summary>
    public int TextLength => _text.Kept.Length;

    /// <summary>The estimated tokens of the text, without counting.</summary>
    public long EstimatedText => (_text.Kept.Length + _text.Beyond) / BytesPerToken;

    /// <summary>Counts the tokens of the text so far, in time proportional to its length; <see cref="Deltas"/> is free.</summary>
    public long CountText(TokenCounter tokens) => tokens.Count(_text.Kept) + (_text.Beyond / BytesPerToken);

    public void Dispose()
    {
        // A reader returned twice would be shared by two requests.
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

    /// <summary>How to handle an event whose usage the client didn't request.</summary>
    private SseAction Without(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> data)
    {
        if (!UsageChunk.HasMore(data, out var usage)) return SseAction.Drop;
        // Multi-line data was joined in another buffer; no known provider writes such a chunk that way.
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
            // The start reports the output so far, the end the full output.
            UsageReport.InputFirst => _usage.With(parser.UsageIsOfWhole ? parser.Usage.WithoutOutput() : parser.Usage),
            UsageReport.FinalOnly => parser.IsFinal ? _usage.With(parser.Usage) : _usage,
            // Each image reports its own usage.
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
