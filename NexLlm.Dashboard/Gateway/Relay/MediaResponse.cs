using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// Passes on audio, images and plain text as they arrive, so that speech can be played while it is generated. Only the last byte
/// waits for the charge to be settled, so a client with a complete response has been charged.
/// </summary>
internal static class MediaResponse
{
    private const int ReadSize = 16 * 1_024;

    /// <param name="buffer">The part of the response already read.</param>
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
