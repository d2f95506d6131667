using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>An answer that has begun. Disposing it before its end stops the upstream.</summary>
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
    /// Forward-only, one read at a time, unpacked. Reads until 0 let the connection be used again. They throw
    /// <see cref="UpstreamException"/> when the upstream breaks off or falls silent, and again after that.
    /// </summary>
    public Stream Body => _body;

    /// <summary>Null if it is not there.</summary>
    public string? Header(string name) =>
        _response.Headers.NonValidated.TryGetValues(name, out var value) || _response.Content.Headers.NonValidated.TryGetValues(name, out value) ? value.ToString() : null;

    /// <summary>The channel has answered, so it need not rest. The call counts as a success when the answer has ended.</summary>
    public ValueTask ReportSuccessAsync() => _body.ReportSuccessAsync();

    /// <summary>What came is no answer. When that repeats, the channel rests.</summary>
    public ValueTask ReportFailureAsync() => _body.ReportFailureAsync();

    /// <summary>What it says is of no use. Counts as the channel's failure, but is no reason to let it rest: another request may fare better.</summary>
    public void CountFailure() => _body.Count(success: false);

    /// <summary>
    /// The answer is complete, whatever its upstream may still send. Waits a moment for the end of the connection's use, so that the next
    /// request can have it.
    /// </summary>
    public ValueTask EndAsync() => _body.EndAsync();

    public void Dispose()
    {
        // The response first: a limit must not be used again while it can still end this one.
        _response.Dispose();
        _body.Release();
    }
}

/// <summary>What a call holds from sending to the end of its answer.</summary>
internal readonly struct CallHold(LiveChannel channel, TimeoutSweeper.Deadline deadline, CancellationToken cancellation)
{
    private readonly CancellationTokenRegistration _registration =
        cancellation.UnsafeRegister(static deadline => ((TimeoutSweeper.Deadline)deadline!).Cancel(), deadline);

    public LiveChannel Channel { get; } = channel;

    public TimeoutSweeper.Deadline Deadline { get; } = deadline;

    /// <summary>The caller's own.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <param name="complete">The answer was read to its end.</param>
    public void Release(bool complete)
    {
        _registration.Dispose();
        Deadline.Return(complete);
        Channel.Leave();
    }
}
