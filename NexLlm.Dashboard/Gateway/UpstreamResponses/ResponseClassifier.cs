using System.Buffers;
using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>Classifies a response by its first bytes. Allocates nothing.</summary>
internal static class ResponseClassifier
{
    /// <summary>The bytes examined before a response counts as an answer. Errors are smaller.</summary>
    public const int MostLookedAt = 16 * 1_024;

    private static readonly SearchValues<byte> _space = SearchValues.Create(" \t\r\n"u8);

    private static readonly SearchValues<byte> _lineEnds = SearchValues.Create("\r\n"u8);

    public static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <param name="head">The body received so far.</param>
    /// <param name="ended">Whether this is the whole body.</param>
    /// <param name="streamed">Whether the client requested a stream, so that keep-alive data is passed on immediately.</param>
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
                // Blank lines also keep a non-streamed response alive, but must not be collected forever.
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

    /// <summary>Whether an event reports that the response failed or can't continue.</summary>
    public static bool IsErrorEvent(ReadOnlySpan<byte> lines)
    {
        // Runs for every event, so it starts with a fast search: all error events contain this word.
        if (lines.IndexOf("error"u8) < 0)
        {
            return false;
        }

        using var fields = new SseEvent(lines);
        return fields.Name.SequenceEqual("error"u8) || HasError(fields.Data, ended: true, isEvent: true);
    }

    /// <summary>The lines of the first event, without preceding comments and blank lines. Empty if there are only these.</summary>
    /// <param name="isWhole">Whether the event is complete.</param>
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

    /// <summary>Transcripts are often JSON with a text type, images must have an image type, and speech is never text.</summary>
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

    /// <summary>Waits for the end of the first event, but not while only comments and blank lines arrive, which keep the client waiting.</summary>
    private static ResponseKind Events(ReadOnlySpan<byte> text, bool ended)
    {
        var first = FirstEvent(text, out var isWhole);
        return first.IsEmpty ? ResponseKind.Events
            : !isWhole && !ended && first.Length < MostLookedAt ? ResponseKind.Undecided
            : IsErrorEvent(first) ? ResponseKind.Error
            : ResponseKind.Events;
    }

    /// <summary>
    /// Whether the JSON is an error rather than an answer. An error beside an answer, as some providers report for one of several
    /// choices, doesn't count, except in the last chunk of a stream.
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

    /// <summary>Whether the value means "no error": null, false, "" or {}.</summary>
    private static bool IsNothing(this ref Utf8JsonReader json)
    {
        var next = json;
        return json.TokenType is JsonTokenType.Null or JsonTokenType.False || json.IsText(true, ""u8)
            || (json.TokenType is JsonTokenType.StartObject && next.Read() && next.TokenType is JsonTokenType.EndObject);
    }

    /// <summary>Returns false for anything other than a string.</summary>
    private static bool IsText(this ref Utf8JsonReader json, bool asked, ReadOnlySpan<byte> text) =>
        asked && json.TokenType is JsonTokenType.String && json.ValueTextEquals(text);
}
