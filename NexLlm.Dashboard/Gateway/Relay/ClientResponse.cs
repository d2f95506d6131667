using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.UpstreamResponses;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>The response to the client. No byte is sent before the charge is durable, or after the client has disconnected.</summary>
/// <param name="mediaType">
/// The provider's content type for media. For all other responses the gateway sets the type, so a provider can't choose how this
/// origin's content is interpreted.
/// </param>
internal sealed class ClientResponse(InFlightRequest inFlight, ResponseKind form, string? mediaType)
{
    private static readonly TimeSpan _networkTime = TimeSpan.FromMilliseconds(50);

    private readonly GatewayRequest _call = inFlight.Call;

    public bool HasStarted { get; private set; }

    /// <param name="length">The length of the whole response, if known.</param>
    /// <exception cref="StorageUnavailableException">The charge could not be written, so nothing was sent.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, long? length = null)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var response = _call.Http.Response;
        if (!HasStarted)
        {
            await inFlight.Request.Ticket.DurableAsync();
            HasStarted = true;
            inFlight.Answers();
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = form switch
            {
                ResponseKind.Json => "application/json",
                ResponseKind.Events => "text/event-stream",
                _ => SafeContentTypes.Safe(mediaType),
            };
            response.ContentLength = length;
            if (form is ResponseKind.Events)
            {
                // Otherwise proxies buffer the events (nginx), or compress and buffer them (others).
                response.Headers["X-Accel-Buffering"] = "no";
                response.Headers.CacheControl = "no-store, no-transform";
            }
        }

        if (inFlight.HasClient)
        {
            await SendAsync(bytes);
            Failpoint.Hit("after_first_byte");
        }
        else
        {
            _call.IsLeft = true;
        }
    }

    /// <summary>Completes the response to the client before the provider's connection is closed.</summary>
    public async ValueTask CompleteAsync()
    {
        if (HasStarted && inFlight.HasClient)
        {
            await _call.Http.Response.CompleteAsync();
        }
    }

    /// <summary>Ends an incomplete response so that no client mistakes it for complete: with an error event and without a proper end.</summary>
    public async Task BreakAsync(ReadOnlyMemory<byte> lastEvent)
    {
        if (inFlight.HasClient && !lastEvent.IsEmpty)
        {
            await SendAsync(lastEvent);
            // Aborting drops data the server hasn't passed to the network yet, and nothing reports when it has.
            await Task.Delay(_networkTime);
        }

        _call.Http.Abort();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var sent = await _call.Http.Response.BodyWriter.WriteAsync(bytes);
            if (sent.IsCompleted || sent.IsCanceled)
            {
                NoteLeft();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException && _call.Http.RequestAborted.IsCancellationRequested)
        {
            NoteLeft();
        }
    }

    private void NoteLeft()
    {
        _call.IsLeft = true;
        inFlight.ClientLeft();
    }
}
