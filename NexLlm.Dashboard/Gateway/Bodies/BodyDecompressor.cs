using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using ZstdSharp;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>
/// Uncompresses a body that was read. It stops at the body's limit, whatever the rest would come to, and works on large ones
/// where <see cref="CpuWorkQueue"/> lets it. That also bounds what the decoders keep beside their output: few of them have got far.
/// </summary>
internal sealed class BodyDecompressor(CpuWorkQueue work)
{
    /// <summary>Up to this size it takes about a millisecond.</summary>
    private const int AtOnce = 256 * 1_024;

    private const int UsualRatio = 10;
    private const int FirstSize = 16 * 1_024;

    private static readonly TimeSpan _perMegabyte = TimeSpan.FromMilliseconds(8);

    /// <returns>Null when <see cref="GatewayRequest.Body"/> is the uncompressed body, else what the client is told.</returns>
    public async ValueTask<Refusal?> UnpackAsync(ReadRequest request, ContentEncoding encoding, BodyLimit limit)
    {
        var (call, packed) = (request.Call, request.Body);
        var held = call.Hold.Bytes;
        var unpacked = new PooledBuffer();
        try
        {
            using var source = packed.AsStream();
            await using var stream = encoding.Unpack(source);
            var step = new Step(call, stream, unpacked, limit, held);
            var (done, refusal) = step.Run(AtOnce);
            if (!done)
            {
                var expected = Math.Min(limit.Bytes, Math.Max(AtOnce, (long)packed.Length * UsualRatio));
                refusal = work.TryRun(request.Key.Account.Id, _perMegabyte * ((double)expected / (1_024 * 1_024)), () => step.Run(int.MaxValue)) is { } running
                    ? (await running).Refusal
                    : work.Refusal;
            }

            if (refusal is not null)
            {
                return refusal;
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            return BodyRefusal.Damaged(encoding.Name());
        }
        finally
        {
            // One of the two goes on as the call's body, the other's memory is free.
            call.Body = unpacked;
            packed.Dispose();
        }

        call.Hold.Give(call.Hold.Bytes - PooledBuffer.SizeFor(unpacked.Capacity));
        return null;
    }

    private sealed record Step(GatewayRequest Call, Stream From, PooledBuffer To, BodyLimit Limit, long Held)
    {
        /// <summary>Goes on until the end, the limit or so many bytes.</summary>
        public (bool Done, Refusal? Refusal) Run(int until)
        {
            while (To.Length < until)
            {
                if (To.Free.IsEmpty && Grow() is { } full)
                {
                    return (true, full);
                }

                var read = From.Read(To.Free);
                if (read == 0)
                {
                    return (true, null);
                }

                To.Advance(read);
                if (To.Length > Limit.Bytes)
                {
                    return (true, Limit.Beyond);
                }
            }

            return (false, null);
        }

        private Refusal? Grow()
        {
            var twice = Math.Max(FirstSize, To.Capacity * 2L);
            // One byte more than is allowed, by which to see that there is more.
            return Call.Hold.Grow(To, (int)(twice < Limit.Bytes ? twice : Limit.Bytes + 1), Held);
        }
    }
}
