using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.UpstreamResponses;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>The answer on its way to the client. No byte of it leaves before the charge is durable; after the client has left, none does.</summary>
/// <param name="mediaType">What the upstream says that media are. Of everything else the type is ours: an upstream cannot speak for this origin.</param>
internal sealed class ClientResponse(InFlightRequest inFlight, ResponseKind form, string? mediaType)
{
    private static readonly TimeSpan _networkTime = TimeSpan.FromMilliseconds(50);

    private readonly GatewayRequest _call = inFlight.Call;

    public bool HasStarted { get; private set; }

    /// <param name="length">Of the whole answer, if it is known.</param>
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
                // Or a proxy on the way gathers the events (nginx), or packs and gathers them (others).
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

    /// <summary>Tells the client that it has the whole answer, while the upstream is still being seen off.</summary>
    public async ValueTask CompleteAsync()
    {
        if (HasStarted && inFlight.HasClient)
        {
            await _call.Http.Response.CompleteAsync();
        }
    }

    /// <summary>Ends an answer that cannot be completed so that no client takes it for complete: an error event, and no proper end.</summary>
    public async Task BreakAsync(ReadOnlyMemory<byte> lastEvent)
    {
        if (inFlight.HasClient && !lastEvent.IsEmpty)
        {
            await SendAsync(lastEvent);
            // Aborting drops what the server has not handed to the network yet, and nothing tells when it has.
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
