using System.Text.Json;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>
/// Reads an upstream's answer on its way to the client: where its events end, what it says was used, and what text was
/// made in case it never says. One reader an answer; nothing that an upstream sends makes it throw.
/// </summary>
/// <param name="dropUsage">Whether a stream's chunk that holds only usage is dropped, because the client did not ask for it.</param>
public sealed class AnswerReader(UpstreamApi api, bool dropUsage) : IDisposable
{
    /// <summary>The most bytes of one event.</summary>
    public const int LongestEvent = 16 * 1024 * 1024;

    // Only of text beyond what any model makes, and what is kept.
    private const int BytesPerToken = 4;

    private static readonly JsonReaderOptions _options = new() { MaxDepth = AnswerWalk.Deepest };

    private EventFramer _framer;
    private JsonParts _parts = JsonParts.Begin();
    private AnswerWalk _whole = AnswerWalk.Begin(api, isEvent: false);
    private TextMade _text;
    private UsageFigures _usage;
    private bool _dropped;

    /// <summary>What the upstream says it read; null if it did not say, or nothing that can be believed.</summary>
    public long? InputTokens => _usage.Input;

    /// <summary>What the upstream says it made; null if it did not say, or nothing that can be believed, as that there was nothing after text came.</summary>
    public long? OutputTokens => api is UpstreamApi.Embeddings
        ? _usage.Input is null ? null : 0
        : _usage.Output is 0 && _text.Pieces > 0 ? null : _usage.Output;

    /// <summary>How many pieces of text came: about as many as tokens in a stream that does not gather them.</summary>
    public long Deltas => _text.Pieces;

    /// <summary>The text made so far, in the order in which it came.</summary>
    internal ReadOnlySpan<char> Text => _text.Kept;

    /// <summary>Reads the next event of a stream.</summary>
    /// <param name="unread">What came of the stream and was not returned as an event before; the next call has the same and more, or what follows the event.</param>
    /// <returns>The event's length with its blank line; 0 if it is incomplete or too large.</returns>
    public int NextEvent(ReadOnlySpan<byte> unread, out EventKind kind)
    {
        var length = _framer.Next(unread);
        if (length > LongestEvent || (length == 0 && unread.Length > LongestEvent))
        {
            kind = EventKind.TooLarge;
            return 0;
        }

        kind = EventKind.Incomplete;
        if (length == 0) return 0;
        // A blank line by itself is the rest of the event before it.
        if (unread[0] is not ((byte)'\r' or (byte)'\n')) kind = Event(unread[..length]);
        else kind = _dropped ? EventKind.Drop : EventKind.Pass;
        _dropped = kind is EventKind.Drop;
        return length;
    }

    /// <summary>Reads what is left when a stream has ended without a blank line: most clients take that for an event.</summary>
    public EventKind LastEvent(ReadOnlySpan<byte> unread) => Event(unread);

    /// <summary>Reads the next part of an answer in one piece. Its usage is known when the last was read.</summary>
    /// <param name="last">Whether nothing follows.</param>
    public void ReadJson(ReadOnlySpan<byte> part, bool last)
    {
        _parts.Read(part, last, ref _whole, ref _text);
        if (last && !_parts.IsBroken && !_whole.Usage.IsBroken) _usage = _whole.Usage;
    }

    /// <summary>Counts the text made so far. Takes as long as the text; <see cref="Deltas"/> costs nothing.</summary>
    public long CountText(TokenCounter tokens) => tokens.Count(_text.Kept) + (_text.Beyond / BytesPerToken);

    public void Dispose()
    {
        _text.Free();
        _parts.Free();
    }

    private EventKind Event(ReadOnlySpan<byte> lines)
    {
        using var fields = new EventData(lines);
        if (fields.Data.Trim((byte)' ').SequenceEqual("[DONE]"u8)) return EventKind.Final;
        var walk = AnswerWalk.Begin(api, isEvent: true);
        if (!fields.Data.IsEmpty && Walk(fields.Data, ref walk)) Keep(walk);
        if (walk.IsFinal || (!walk.HasType && AnswerWalk.Ends(api, fields.Name))) return EventKind.Final;
        return dropUsage && walk.HasNoChoices && walk.Usage.IsThere ? EventKind.Drop : EventKind.Pass;
    }

    private bool Walk(ReadOnlySpan<byte> data, ref AnswerWalk walk)
    {
        try
        {
            var json = new Utf8JsonReader(data, _options);
            while (json.Read()) walk.Take(ref json, ref _text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Keep(in AnswerWalk walk)
    {
        if (!walk.Usage.IsThere) return;
        _usage = api switch
        {
            // What was made by then is told at the start, and all of it at the end.
            UpstreamApi.Messages => _usage.With(walk.UsageIsOfWhole ? walk.Usage.WithoutOutput() : walk.Usage),
            UpstreamApi.Responses when !walk.IsFinal => _usage,
            _ => walk.Usage.IsBroken ? default : walk.Usage,
        };
    }
}
