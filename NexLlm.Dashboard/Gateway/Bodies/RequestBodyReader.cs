using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Receiving;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>
/// Reads the whole, decompressed body of a request into <see cref="GatewayRequest.Body"/>, because it must be validated before
/// any of it is sent upstream. All memory is reserved in the <see cref="BodyMemoryBudget"/> first, including an announced length
/// before anything is read.
/// </summary>
internal sealed class RequestBodyReader(
    BodyMemoryBudget budget, BodyRateLimiter pace, BodyDecompressor unpacker, UsageLedger ledger, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>The initial buffer for a body without an announced length.</summary>
    private const int FirstSize = 4 * 1_024;

    private readonly BodyLimit _usual = new(options.Value.MaxBodyBytes, BodyRejection.TooLarge(options.Value.MaxBodyBytes));

    /// <summary>Call this once the caller is known and before anything else reads the body. All memory is returned when the call ends.</summary>
    /// <returns>Null if the whole body is in <see cref="GatewayRequest.Body"/>, otherwise the error for the client.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Rejection?> ReadAsync(AuthenticatedRequest caller)
    {
        var call = caller.Call;
        var request = call.Http.Request;
        var encoding = ContentEncoding.None;
        if (request.Headers.ContentEncoding.Count > 0 && !ContentEncodings.TryRead(request.Headers.ContentEncoding, out encoding))
        {
            call.Http.Response.Headers.AcceptEncoding = ContentEncodings.Accepted;
            return BodyRejection.UnsupportedEncoding;
        }

        var limit = LimitOf(caller, encoding);
        if (request.ContentLength > limit.Bytes)
        {
            return limit.Beyond;
        }

        call.Hold = budget.Open(caller.Key.Account, call.Address);
        var body = call.Body = new PooledBuffer();
        return await ReceiveAsync(caller, body, limit)
            ?? (encoding is ContentEncoding.None ? null : await unpacker.UnpackAsync(call.Read, encoding, limit));
    }

    /// <summary>A caller with an exhausted quota is rejected anyway, so reading a small body is enough to name the reason.</summary>
    private BodyLimit LimitOf(AuthenticatedRequest caller, ContentEncoding encoding)
    {
        var small = options.Value.MaxBodyBytesWithoutQuota;
        if (encoding is ContentEncoding.None && caller.Call.Http.Request.ContentLength <= small)
        {
            return _usual;
        }

        var quota = ledger.QuotaOf(caller.Key);
        var spent = quota.Account.IsExhausted ? Verdict.InsufficientAccountQuota
            : quota.Key.IsExhausted ? Verdict.InsufficientQuota
            : Verdict.Allowed;
        return spent is Verdict.Allowed ? _usual : new BodyLimit(Math.Min(small, _usual.Bytes), Rejection.For(spent));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Rejection?> ReceiveAsync(AuthenticatedRequest caller, PooledBuffer body, BodyLimit limit)
    {
        var call = caller.Call;
        var request = call.Http.Request;
        BodyDrain.Unlimit(call.Http);
        var reader = request.BodyReader;
        var deadline = default(ITimer);
        try
        {
            if (call.Hold.Grow(body, (int)(request.ContentLength ?? FirstSize)) is { } full)
            {
                return full;
            }

            while (true)
            {
                var reading = reader.ReadAsync(call.Http.RequestAborted);
                if (!reading.IsCompleted)
                {
                    deadline ??= clock.CreateTimer(static reader => ((PipeReader)reader!).CancelPendingRead(), reader, options.Value.BodyTimeout, Timeout.InfiniteTimeSpan);
                }

                var read = await reading;
                if (read.IsCanceled)
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    return BodyRejection.TooSlow;
                }

                if (Append(call, body, read.Buffer, limit) is { } refusal)
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    return refusal;
                }

                var bytes = read.Buffer.Length;
                reader.AdvanceTo(read.Buffer.End);
                if (body.Length > BodyRateLimiter.Free)
                {
                    await pace.PassAsync(BodyRateLimiter.LaneOf(caller.Key.Account.Id), bytes);
                }

                if (read.IsCompleted)
                {
                    call.IsBodyRead = true;
                    return null;
                }
            }
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode is StatusCodes.Status408RequestTimeout ? BodyRejection.TooSlow : BodyRejection.Incomplete;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return BodyRejection.Incomplete;
        }
        finally
        {
            if (deadline is not null)
            {
                // Waits for a timer that is firing, which would otherwise cancel the next request on this connection.
                await deadline.DisposeAsync();
            }
        }
    }

    private static Rejection? Append(GatewayRequest call, PooledBuffer body, in ReadOnlySequence<byte> more, BodyLimit limit)
    {
        var length = body.Length + more.Length;
        if (length > limit.Bytes)
        {
            return limit.Beyond;
        }

        if (length > body.Capacity && call.Hold.Grow(body, (int)Math.Max(length, Math.Min(body.Capacity * 2L, limit.Bytes))) is { } full)
        {
            return full;
        }

        more.CopyTo(body.Free);
        body.Advance((int)more.Length);
        return null;
    }
}

/// <summary>The maximum size of a body, decompressed.</summary>
/// <param name="Beyond">The error for a larger body.</param>
internal readonly record struct BodyLimit(long Bytes, Rejection Beyond);
