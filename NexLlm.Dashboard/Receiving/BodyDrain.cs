using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace NexLlm.Dashboard.Receiving;

/// <summary>
/// The rest of a rejected request's body. It is received and dropped for up to five seconds, at the <see cref="BodyRateLimiter"/>:
/// closing the connection immediately would reset it, and the client could lose the response.
/// </summary>
internal sealed class BodyDrain(BodyRateLimiter pace, TimeProvider clock)
{
    /// <summary>Sending this much costs a client less than opening a new connection, and the server itself drops it.</summary>
    private const long WorthSending = 64 * 1_024;

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(5);

    /// <summary>Tells the client to stop sending. Call it before the response starts.</summary>
    public static void Announce(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return;
        }

        Unlimit(http);
        // HTTP/2 and HTTP/3 end the stream instead.
        if (http.Request.ContentLength is not <= WorthSending && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            http.Response.Headers.Connection = "close";
        }
    }

    /// <summary>The server's own limit resets the connection; the gateway's limits answer.</summary>
    public static void Unlimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most)
        {
            most.MaxRequestBodySize = null;
        }
    }

    /// <summary>Whether enough may remain that it must be dropped here. Only inspects the headers.</summary>
    public static bool IsPossible(HttpRequest request) =>
        (request.ContentLength > WorthSending || request.Headers.TransferEncoding.Count > 0) && HttpProtocol.IsHttp11(request.Protocol);

    /// <summary>Call this after the response. Returns when no more data arrives, or immediately if the body was read.</summary>
    public async Task DropAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var deadline = default(ITimer);
        try
        {
            if (reader.TryRead(out var read))
            {
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }

            // A client that doesn't see the end of the response keeps sending.
            await http.Response.CompleteAsync();
            var since = clock.GetTimestamp();
            var lane = BodyRateLimiter.LaneOf(http.Connection.RemoteIpAddress);
            deadline = clock.CreateTimer(static reader => ((PipeReader)reader!).CancelPendingRead(), reader, _longest, Timeout.InfiniteTimeSpan);
            do
            {
                read = await reader.ReadAsync(http.RequestAborted);
                var bytes = read.Buffer.Length;
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }

                // The turn may come after the time limit.
                var left = _longest - clock.GetElapsedTime(since);
                await pace.PassAsync(lane, bytes).AsTask().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, http.RequestAborted);
            }
            while (!read.IsCanceled && clock.GetElapsedTime(since) < _longest);

            http.Abort();
        }
        catch (TimeoutException)
        {
            http.Abort();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client disconnected, the body is malformed, or its reader was completed: the server closes the connection.
        }
        finally
        {
            if (deadline is not null)
            {
                await deadline.DisposeAsync();
            }
        }
    }
}
