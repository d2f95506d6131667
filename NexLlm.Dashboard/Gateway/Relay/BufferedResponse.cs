using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// Passes on a non-streamed response. A normal one is held until the charge is settled, so that one durable write covers it; of a
/// large one, only the end is held.
/// </summary>
internal static class BufferedResponse
{
    private const int ReadSize = 2_048;
    private const int MostHeld = 256 * 1_024;

    /// <param name="held">The part of the response already read.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask PassAsync(
        UpstreamResponse upstream, PooledBuffer held, ResponseReader reader, ChargeSettlement settlement, ClientResponse client, CancellationToken cut)
    {
        reader.ReadJson(held.Span, last: false);
        while (true)
        {
            var read = await upstream.Body.ReadAsync(held.GetMemory(ReadSize), cut);
            if (read == 0)
            {
                break;
            }

            held.Advance(read);
            reader.ReadJson(held.Span[^read..], last: false);
            if (held.Length > MostHeld)
            {
                await client.WriteAsync(held.Memory[..^read]);
                held.Discard(held.Length - read);
            }
        }

        reader.ReadJson([], last: true);
        await settlement.SettleAsync();
        await client.WriteAsync(held.Memory, client.HasStarted ? null : held.Length);
    }
}
