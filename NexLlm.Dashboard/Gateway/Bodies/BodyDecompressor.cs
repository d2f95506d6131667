using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using ZstdSharp;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>
/// Decompresses a request body. It stops at the body limit, and large bodies run on <see cref="CpuWorkQueue"/>. That also bounds
/// the memory the decoders hold besides their output, since few run at the same time.
/// </summary>
internal sealed class BodyDecompressor(CpuWorkQueue work)
{
    /// <summary>Decompressing this much takes about a millisecond.</summary>
    private const int AtOnce = 256 * 1_024;

    private const int UsualRatio = 10;
    private const int FirstSize = 16 * 1_024;

    private static readonly TimeSpan _perMegabyte = TimeSpan.FromMilliseconds(8);

    /// <returns>Null if <see cref="GatewayRequest.Body"/> is now the decompressed body, otherwise the error for the client.</returns>
    public async ValueTask<Rejection?> UnpackAsync(ReadRequest request, ContentEncoding encoding, BodyLimit limit)
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
                    ? (await running).Rejection
                    : work.Rejection;
            }

            if (refusal is not null)
            {
                return refusal;
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            return BodyRejection.Damaged(encoding.Name());
        }
        finally
        {
            // The decompressed buffer becomes the body, and the compressed one is released.
            call.Body = unpacked;
            packed.Dispose();
        }

        call.Hold.Give(call.Hold.Bytes - PooledBuffer.SizeFor(unpacked.Capacity));
        return null;
    }

    private sealed record Step(GatewayRequest Call, Stream From, PooledBuffer To, BodyLimit Limit, long Held)
    {
        /// <summary>Continues until the end, the limit, or the given number of bytes.</summary>
        public (bool Done, Rejection? Rejection) Run(int until)
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

        private Rejection? Grow()
        {
            var twice = Math.Max(FirstSize, To.Capacity * 2L);
            // One byte beyond the limit, to detect a body that is too large.
            return Call.Hold.Grow(To, (int)(twice < Limit.Bytes ? twice : Limit.Bytes + 1), Held);
        }
    }
}
