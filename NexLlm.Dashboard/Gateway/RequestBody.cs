using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using NexLlm.Dashboard.Gateway.Relay;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Reads a request's whole body, which has to be looked at before any of it is sent on.</summary>
internal static class RequestBody
{
    private const int TrustedLength = 64 * 1_024;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Refusal?> ReadAsync(GatewayCall call, long most)
    {
        var request = call.Http.Request;
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return Refusal.UnsupportedEncoding;
        }

        if (request.ContentLength > most)
        {
            return Refusal.For(Verdict.RequestTooLarge);
        }

        if (call.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }

        // What a client announces is taken at its word only up to a size that costs little.
        call.Body = new PooledBuffer();
        call.Body.GetSpan((int)Math.Min(request.ContentLength ?? 0, TrustedLength));
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(call.Http.RequestAborted);
                foreach (var segment in read.Buffer)
                {
                    segment.Span.CopyTo(call.Body.GetSpan(segment.Length));
                    call.Body.Advance(segment.Length);
                }

                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                {
                    return null;
                }
            }
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode is StatusCodes.Status413PayloadTooLarge ? Refusal.For(Verdict.RequestTooLarge) : Refusal.BodyIncomplete;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return Refusal.BodyIncomplete;
        }
    }
}
