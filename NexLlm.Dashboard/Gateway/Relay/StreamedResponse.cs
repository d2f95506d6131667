using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.UpstreamResponses;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// Passes on a stream of events as they arrive, byte for byte, except for usage that only the gateway requested. The final event
/// waits for the charge to be settled, so a client with a complete response has been charged.
/// </summary>
internal static class StreamedResponse
{
    private const int ReadSize = 4_096;

    /// <param name="buffer">The part of the response already read.</param>
    /// <returns>Null, or the error in the final event, which has been passed on.</returns>
    /// <exception cref="InvalidDataException">An event is too large.</exception>
    /// <exception cref="ErrorEventException">The provider reports that it can't continue.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ProviderError?> PassAsync(
        DispatchedRequest request, UpstreamResponse upstream, PooledBuffer buffer, ResponseReader reader, ChargeSettlement settlement, ClientResponse client, CancellationToken cut)
    {
        while (true)
        {
            var (complete, isFinal, failure) = await PassEventsAsync(request, buffer.Memory, reader, settlement, client);
            if (isFinal)
            {
                return failure;
            }

            buffer.Discard(complete);
            settlement.Checkpoint();
            var read = await upstream.Body.ReadAsync(buffer.GetMemory(ReadSize), cut);
            if (read == 0)
            {
                break;
            }

            buffer.Advance(read);
        }

        // Most clients also treat an unterminated rest as an event.
        if (ResponseClassifier.IsErrorEvent(buffer.Span))
        {
            throw new ErrorEventException(ProviderError.Read(StatusCodes.Status200OK, buffer.Span));
        }

        var last = reader.LastEvent(buffer.Span);
        await settlement.SettleAsync();
        var usage = last is SseAction.Trim ? reader.UsageAt : last is SseAction.Drop ? Range.All : 0..0;
        await client.WriteAsync(buffer.Memory[..usage.Start]);
        await client.WriteAsync(buffer.Memory[usage.End..]);
        return null;
    }

    /// <returns>The bytes of complete events, whether one of them ends the stream, and the error it reports.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<(int Length, bool IsFinal, ProviderError? Failure)> PassEventsAsync(
        DispatchedRequest request, ReadOnlyMemory<byte> unread, ResponseReader reader, ChargeSettlement settlement, ClientResponse client)
    {
        var (from, to) = (0, 0);
        var isFinal = false;
        ProviderError? failure = null;
        SseAction kind;
        while (reader.NextEvent(unread.Span[to..], out kind) is > 0 and var length)
        {
            var isError = ResponseClassifier.IsErrorEvent(unread.Span.Slice(to, length));
            if (isError || kind is SseAction.Drop or SseAction.Final)
            {
                await client.WriteAsync(unread[from..to]);
                from = kind is SseAction.Drop ? to + length : to;
            }

            if (isError)
            {
                failure = ProviderError.Read(StatusCodes.Status200OK, unread.Span.Slice(to, length));
                if (kind is not SseAction.Final || ProviderKeyRedaction.IsIn(unread.Span.Slice(to, length), request.Channel.ProviderKey))
                {
                    throw new ErrorEventException(failure);
                }
            }

            if (kind is SseAction.Final)
            {
                Failpoint.Hit("before_done");
                await (isError ? settlement.CloseAsync() : settlement.SettleAsync());
                isFinal = true;
            }

            if (kind is SseAction.Trim)
            {
                await client.WriteAsync(unread[from..(to + reader.UsageAt.Start.Value)]);
                from = to + reader.UsageAt.End.Value;
            }

            to += length;
        }

        await client.WriteAsync(unread[from..to]);
        return kind is SseAction.TooLarge ? throw new InvalidDataException("an event is too large") : (to, isFinal, failure);
    }
}

/// <summary>Thrown when a stream continues with an error event. What came before it has been passed on.</summary>
internal sealed class ErrorEventException(ProviderError error) : Exception($"the upstream reported an error (code {error.Code ?? error.Type ?? "none"})")
{
    public ProviderError Error { get; } = error;
}
