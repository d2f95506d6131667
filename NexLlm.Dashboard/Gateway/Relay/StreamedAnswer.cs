using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// Hands a stream of events on as they come, byte for byte, but for the usage that only we asked for. The event that ends it
/// waits until the charge is settled: who holds a complete answer has been charged.
/// </summary>
internal static class StreamedAnswer
{
    private const int ReadSize = 4_096;

    /// <exception cref="InvalidDataException">An event is too large to be looked at.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask PassAsync(UpstreamAnswer upstream, AnswerReader reader, Metering metering, ClientAnswer client, CancellationToken cut)
    {
        using var buffer = new PooledBuffer();
        while (true)
        {
            var read = await upstream.Body.ReadAsync(buffer.GetMemory(ReadSize), cut);
            if (read == 0)
            {
                break;
            }

            buffer.Advance(read);
            var complete = await PassEventsAsync(buffer.Memory, reader, metering, client);
            buffer.Discard(complete);
            metering.Checkpoint();
        }

        // Most clients take what is left without a blank line for an event too.
        var last = reader.LastEvent(buffer.Span);
        await metering.SettleAsync();
        var usage = last is EventKind.Trim ? reader.UsageAt : last is EventKind.Drop ? Range.All : 0..0;
        await client.WriteAsync(buffer.Memory[..usage.Start]);
        await client.WriteAsync(buffer.Memory[usage.End..]);
    }

    /// <returns>How many bytes were whole events.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> PassEventsAsync(ReadOnlyMemory<byte> unread, AnswerReader reader, Metering metering, ClientAnswer client)
    {
        var (from, to) = (0, 0);
        EventKind kind;
        while (reader.NextEvent(unread.Span[to..], out kind) is > 0 and var length)
        {
            if (kind is EventKind.Drop or EventKind.Final)
            {
                await client.WriteAsync(unread[from..to]);
                from = kind is EventKind.Drop ? to + length : to;
            }

            if (kind is EventKind.Final)
            {
                Failpoint.Hit("before_done");
                await metering.SettleAsync();
            }

            if (kind is EventKind.Trim)
            {
                await client.WriteAsync(unread[from..(to + reader.UsageAt.Start.Value)]);
                from = to + reader.UsageAt.End.Value;
            }

            to += length;
        }

        await client.WriteAsync(unread[from..to]);
        return kind is EventKind.TooLarge ? throw new InvalidDataException("an event is too large") : to;
    }
}
