using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>A response that has started. Disposing it early aborts the provider's request.</summary>
public sealed class UpstreamResponse : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly UpstreamResponseBody _body;

    internal UpstreamResponse(HttpResponseMessage response, Stream body, CallHold hold, TimeSpan idleTimeout)
    {
        _response = response;
        _body = new UpstreamResponseBody(body, hold, idleTimeout);
    }

    public int Status => (int)_response.StatusCode;

    public string? ContentType => Header("Content-Type");

    /// <summary>
    /// Forward-only, decompressed, for one read at a time. Reading to the end allows the connection to be reused. Reads throw <see
    /// cref="UpstreamException"/> when the provider disconnects or stalls, and on every later call.
    /// </summary>
    public Stream Body => _body;

    /// <summary>Returns null if the header is missing.</summary>
    public string? Header(string name) =>
        _response.Headers.NonValidated.TryGetValues(name, out var value) || _response.Content.Headers.NonValidated.TryGetValues(name, out value) ? value.ToString() : null;

    /// <summary>Reports that the channel has answered and needn't be paused. The call is counted as a success when the response ends.</summary>
    public ValueTask ReportSuccessAsync() => _body.ReportSuccessAsync();

    /// <summary>Reports an invalid response. Repeated failures pause the channel.</summary>
    public ValueTask ReportFailureAsync() => _body.ReportFailureAsync();

    /// <summary>Counts an unusable response as the channel's failure without affecting the circuit, because other requests may succeed.</summary>
    public void CountFailure() => _body.Count(success: false);

    /// <summary>
    /// Call when the response is logically complete, whatever the provider may still send.
    /// Waits briefly for the end of the stream so that the connection can be reused.
    /// </summary>
    public ValueTask EndAsync() => _body.EndAsync();

    public void Dispose()
    {
        // Dispose the response first: the deadline must not be reused while it can still cancel this response.
        _response.Dispose();
        _body.Release();
    }
}

/// <summary>The resources a call holds from sending the request to the end of the response.</summary>
internal readonly struct CallHold(LiveChannel channel, TimeoutSweeper.Deadline deadline, CancellationToken cancellation)
{
    private readonly CancellationTokenRegistration _registration =
        cancellation.UnsafeRegister(static deadline => ((TimeoutSweeper.Deadline)deadline!).Cancel(), deadline);

    public LiveChannel Channel { get; } = channel;

    public TimeoutSweeper.Deadline Deadline { get; } = deadline;

    /// <summary>The caller's own token.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <param name="complete">Whether the response was read to its end.</param>
    public void Release(bool complete)
    {
        _registration.Dispose();
        Deadline.Return(complete);
        Channel.Leave();
    }
}
