using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>The answer on its way to the client. No byte of it leaves before the charge is durable; after the client has left, none does.</summary>
internal sealed class ClientAnswer(Flight flight, int status, string? contentType)
{
    private static readonly TimeSpan _networkTime = TimeSpan.FromMilliseconds(50);

    private readonly GatewayCall _call = flight.Call;

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
            await _call.Ticket!.DurableAsync();
            HasStarted = true;
            flight.Answers();
            response.StatusCode = status;
            response.ContentType = contentType;
            response.ContentLength = length;
        }

        if (flight.HasClient)
        {
            await SendAsync(bytes);
            Failpoint.Hit("after_first_byte");
        }
        else
        {
            _call.IsLeft = true;
        }
    }

    /// <summary>Ends an answer that cannot be completed so that no client takes it for complete: an error event, and no proper end.</summary>
    public async Task BreakAsync(ReadOnlyMemory<byte> lastEvent)
    {
        if (flight.HasClient && !lastEvent.IsEmpty)
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
        flight.ClientLeft();
    }
}
