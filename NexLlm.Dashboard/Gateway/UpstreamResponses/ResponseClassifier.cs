using System.Buffers;
using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>Tells what an answer is by its first bytes. Allocates nothing.</summary>
internal static class ResponseClassifier
{
    /// <summary>How much of an answer is looked at before it counts as one. Errors are smaller.</summary>
    public const int MostLookedAt = 16 * 1_024;

    private static readonly SearchValues<byte> _space = SearchValues.Create(" \t\r\n"u8);

    private static readonly SearchValues<byte> _lineEnds = SearchValues.Create("\r\n"u8);

    public static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <param name="head">The body as far as it is known.</param>
    /// <param name="ended">Nothing follows.</param>
    /// <param name="streamed">The client asked for a stream, so that whatever keeps one alive is passed on at once.</param>
    public static ResponseKind Classify(ReadOnlySpan<byte> head, bool ended, bool streamed, UpstreamApi api, string? contentType)
    {
        var described = DialectRegistry.Describe(api);
        var text = head.StartsWith(ByteOrderMark) ? head[3..] : head;
        var start = text.IndexOfAnyExcept(_space);
        if (start < 0)
        {
            // The transcript of silence is a line break.
            return ended && !head.IsEmpty && described.IsTranscript && contentType is not null && Is(contentType, "text/") ? ResponseKind.Media
                : ended ? ResponseKind.Empty
                : streamed && text.Contains((byte)'\n') ? ResponseKind.Events
                // Blank lines keep an answer in one piece alive too: nobody collects them without end.
                : text.Length >= MostLookedAt ? ResponseKind.Json
                : ResponseKind.Undecided;
        }

        text = text[start..];
        if (MayBeMedia(described.Media?.Makes, text[0], contentType) && contentType is not null && !Is(contentType, "json") && !Is(contentType, "event-stream") && !Is(contentType, "html"))
        {
            return ResponseKind.Media;
        }

        return text[0] switch
        {
            (byte)'<' => ResponseKind.Page,
            (byte)'{' or (byte)'[' => Json(text, ended),
            _ => IsEventLine(text) ? Events(text, ended)
                : !ended && MayBecomeEventLine(text) ? ResponseKind.Undecided
                : MayBeMedia(described.Media?.Makes, text[0], contentType) ? ResponseKind.Media
                : ResponseKind.Other,
        };
    }

    /// <summary>Whether an event says that there will be no answer, or no more of it.</summary>
    public static bool IsErrorEvent(ReadOnlySpan<byte> lines)
    {
        // Quick, because it is asked about every event: all kinds of them have this word.
        if (lines.IndexOf("error"u8) < 0)
        {
            return false;
        }

        using var fields = new SseEvent(lines);
        return fields.Name.SequenceEqual("error"u8) || HasError(fields.Data, ended: true, isEvent: true);
    }

    /// <summary>The lines of the first event, without the comments and blank lines before it. Empty if there are only these.</summary>
    /// <param name="isWhole">Whether the event has ended.</param>
    public static ReadOnlySpan<byte> FirstEvent(ReadOnlySpan<byte> text, out bool isWhole)
    {
        isWhole = false;
        text = text.StartsWith(ByteOrderMark) ? text[3..] : text;
        for (var line = text.IndexOfAny(_lineEnds); !text.IsEmpty && (line == 0 || text[0] == (byte)':'); line = text.IndexOfAny(_lineEnds))
        {
            text = line < 0 ? default : text[(line + 1)..];
        }

        for (var at = 0; at < text.Length;)
        {
            var line = text[at..].IndexOfAny(_lineEnds);
            if (line < 0)
            {
                break;
            }

            isWhole = line == 0;
            if (isWhole)
            {
                return text[..at];
            }

            at += line + (text[(at + line)..].StartsWith("\r\n"u8) ? 2 : 1);
        }

        return text;
    }

    /// <summary>Transcripts are often JSON under a type of text, images are only what says so, and text is no speech.</summary>
    private static bool MayBeMedia(MediaOutput? makes, byte first, string? contentType) => makes switch
    {
        MediaOutput.Audio => contentType is null || !Is(contentType, "text/"),
        MediaOutput.Text => first is not ((byte)'{' or (byte)'<'),
        MediaOutput.Images => contentType is not null && Is(contentType, "image/"),
        MediaOutput.Scores or null => false,
    };

    private static bool Is(string contentType, string kind) => contentType.Contains(kind, StringComparison.OrdinalIgnoreCase);

    private static ResponseKind Json(ReadOnlySpan<byte> text, bool ended) =>
        !ended && text.Length < MostLookedAt ? ResponseKind.Undecided
        : HasError(text, ended, isEvent: false) ? ResponseKind.Error
        : ResponseKind.Json;

    private static bool IsEventLine(ReadOnlySpan<byte> text) =>
        text[0] == (byte)':' || text.StartsWith("data:"u8) || text.StartsWith("event:"u8) || text.StartsWith("id:"u8) || text.StartsWith("retry:"u8);

    private static bool MayBecomeEventLine(ReadOnlySpan<byte> text) =>
        "data:"u8.StartsWith(text) || "event:"u8.StartsWith(text) || "id:"u8.StartsWith(text) || "retry:"u8.StartsWith(text);

    /// <summary>Waits for the end of the first event, but not while there are only comments and blank lines: those keep a client waiting.</summary>
    private static ResponseKind Events(ReadOnlySpan<byte> text, bool ended)
    {
        var first = FirstEvent(text, out var isWhole);
        return first.IsEmpty ? ResponseKind.Events
            : !isWhole && !ended && first.Length < MostLookedAt ? ResponseKind.Undecided
            : IsErrorEvent(first) ? ResponseKind.Error
            : ResponseKind.Events;
    }

    /// <summary>
    /// Whether JSON is an error instead of an answer. An error beside an answer, as some report of one choice of several, is none;
    /// beside the last piece of a stream it is.
    /// </summary>
    private static bool HasError(ReadOnlySpan<byte> text, bool ended, bool isEvent)
    {
        var (found, complains, known) = (false, false, false);
        try
        {
            var json = new Utf8JsonReader(text, ended, default);
            if (json.Read() && json.TokenType is JsonTokenType.StartArray)
            {
                json.Read();
            }

            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var isError = json.ValueTextEquals("error"u8);
                var isKind = json.ValueTextEquals("type"u8) || json.ValueTextEquals("object"u8);
                var isAnswer = !isEvent && (json.ValueTextEquals("choices"u8) || json.ValueTextEquals("content"u8) || json.ValueTextEquals("output"u8)
                    || json.ValueTextEquals("data"u8) || json.ValueTextEquals("results"u8));
                complains |= json.ValueTextEquals("detail"u8) || json.ValueTextEquals("message"u8) || json.ValueTextEquals("msg"u8) || json.ValueTextEquals("errors"u8);
                known |= isAnswer || isKind || json.ValueTextEquals("id"u8) || json.ValueTextEquals("usage"u8) || json.ValueTextEquals("text"u8);
                if (!json.Read())
                {
                    break;
                }

                found |= (isError && !json.IsNothing())
                    || (isKind && (json.IsText(isKind, "error"u8) || json.IsText(isKind, "response.failed"u8)));
                if (isAnswer && json.TokenType is JsonTokenType.StartArray && json.Read() && json.TokenType is not JsonTokenType.EndArray)
                {
                    return false;
                }

                if (!json.TrySkip())
                {
                    break;
                }
            }
        }
        catch (JsonException)
        {
            return found;
        }

        return found || (!isEvent && ended && complains && !known);
    }

    /// <summary>What stands where there is no error: null, false, "" or {}.</summary>
    private static bool IsNothing(this ref Utf8JsonReader json)
    {
        var next = json;
        return json.TokenType is JsonTokenType.Null or JsonTokenType.False || json.IsText(true, ""u8)
            || (json.TokenType is JsonTokenType.StartObject && next.Read() && next.TokenType is JsonTokenType.EndObject);
    }

    /// <summary>False for what is no string.</summary>
    private static bool IsText(this ref Utf8JsonReader json, bool asked, ReadOnlySpan<byte> text) =>
        asked && json.TokenType is JsonTokenType.String && json.ValueTextEquals(text);
}
