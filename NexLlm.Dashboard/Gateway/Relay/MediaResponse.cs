using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// Hands on audio, images and plain text as they come, so that speech can be heard while it is made. Only the last byte waits until
/// the charge is settled: who holds a complete answer has been charged.
/// </summary>
internal static class MediaResponse
{
    private const int ReadSize = 16 * 1_024;

    /// <param name="buffer">What was read of it already.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask PassAsync(
        UpstreamResponse upstream, PooledBuffer buffer, ResponseReader reader, ChargeSettlement settlement, ClientResponse client, CancellationToken cut)
    {
        reader.ReadMedia(buffer.Span);
        while (true)
        {
            var complete = Math.Max(0, buffer.Length - 1);
            await client.WriteAsync(buffer.Memory[..complete]);
            buffer.Discard(complete);
            var read = await upstream.Body.ReadAsync(buffer.GetMemory(ReadSize), cut);
            if (read == 0)
            {
                break;
            }

            buffer.Advance(read);
            reader.ReadMedia(buffer.Span[^read..]);
        }

        await settlement.SettleAsync();
        await client.WriteAsync(buffer.Memory);
    }
}
