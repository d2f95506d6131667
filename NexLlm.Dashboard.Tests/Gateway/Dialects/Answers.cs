using System.Text;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>What a reader makes of an answer.</summary>
internal sealed record AnswerRead(string Forwarded, string Kinds, long? Input, long? Output, string Text, long Deltas)
{
    public (long? Input, long? Output) Usage => (Input, Output);
}

internal static class Answers
{
    /// <summary>Reads a stream as the relay does that gets it in these parts.</summary>
    public static AnswerRead Stream(UpstreamApi api, IEnumerable<byte[]> parts, bool dropUsage = true)
    {
        using var reader = ResponseReader.Rent(api, dropUsage);
        var unread = new List<byte>();
        var (forwarded, kinds) = (new List<byte>(), new StringBuilder());
        foreach (var part in parts)
        {
            unread.AddRange(part);
            while (reader.NextEvent(unread.ToArray(), out var kind) is > 0 and var length)
            {
                // The second half of a blank line that was cut is none of the stream's events.
                if (unread[0] is not ((byte)'\r' or (byte)'\n')) kinds.Append(kind.ToString()[0]);
                forwarded.AddRange(Passed(reader, kind, unread[..length]));
                unread.RemoveRange(0, length);
            }
        }

        if (unread.Count > 0) forwarded.AddRange(Passed(reader, reader.LastEvent(unread.ToArray()), unread));
        return Read(reader, Encoding.UTF8.GetString(forwarded.ToArray()), kinds.ToString());
    }

    public static AnswerRead Stream(UpstreamApi api, string stream, bool dropUsage = true) =>
        Stream(api, [Encoding.UTF8.GetBytes(stream)], dropUsage);

    /// <summary>Reads an answer that comes in these parts.</summary>
    public static AnswerRead Whole(UpstreamApi api, IEnumerable<byte[]> parts)
    {
        using var reader = ResponseReader.Rent(api, dropUsage: true);
        foreach (var part in parts) reader.ReadJson(part, last: false);
        reader.ReadJson([], last: true);
        return Read(reader, "", "");
    }

    public static AnswerRead Whole(UpstreamApi api, string answer) => Whole(api, [Encoding.UTF8.GetBytes(answer)]);

    /// <summary>Cuts at these places, whatever stands there.</summary>
    public static IEnumerable<byte[]> Cut(byte[] whole, IEnumerable<int> at)
    {
        var start = 0;
        foreach (var end in at.Select(place => place % (whole.Length + 1)).Order().Append(whole.Length))
        {
            yield return whole[start..end];
            start = end;
        }
    }

    private static IEnumerable<byte> Passed(ResponseReader reader, SseAction kind, List<byte> lines) => kind switch
    {
        SseAction.Drop => [],
        SseAction.Trim => lines[..reader.UsageAt.Start].Concat(lines[reader.UsageAt.End..]),
        _ => lines,
    };

    private static AnswerRead Read(ResponseReader reader, string forwarded, string kinds) =>
        new(forwarded, kinds, reader.InputTokens, reader.OutputTokens, reader.Text.ToString(), reader.Deltas);
}
