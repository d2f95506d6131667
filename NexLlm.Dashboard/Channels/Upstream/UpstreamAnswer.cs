using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>An answer that has begun. Disposing it before its end stops the upstream.</summary>
public sealed class UpstreamAnswer : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly AnswerBody _body;

    internal UpstreamAnswer(HttpResponseMessage response, Stream body, CallHold hold, TimeSpan idleTimeout)
    {
        _response = response;
        _body = new AnswerBody(body, hold, idleTimeout, counts: !MayFailOver);
        ContentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null;
    }

    public int Status => (int)_response.StatusCode;

    public string? ContentType { get; }

    /// <summary>
    /// Forward-only, one read at a time. Reads until 0 let the connection be used again. They throw
    /// <see cref="UpstreamException"/> when the upstream breaks off or falls silent.
    /// </summary>
    public Stream Body => _body;

    /// <summary>The channel is at fault, not the request: nothing was made, and another channel may do better.</summary>
    public bool MayFailOver => IsChannelFault(Status);

    /// <summary>What it says is of no use to anybody. Counts as the channel's failure, but is no reason to let it rest: another request may fare better.</summary>
    public void MarkUseless() => _body.Count(success: false);

    public void Dispose()
    {
        // The response first: a limit must not be used again while it can still end this one.
        _response.Dispose();
        _body.Release();
    }

    /// <summary>
    /// Failures, time-outs and limits of the upstream; a credential that it does not know; and a redirection, which is
    /// never followed, because it would take the credential elsewhere.
    /// </summary>
    internal static bool IsChannelFault(int status) => status is (>= 300 and < 400) or 401 or 408 or 429 or >= 500;
}

/// <summary>What a call holds from sending to the end of its answer.</summary>
internal readonly struct CallHold(LiveChannel channel, Watch.Limit limit, CancellationToken cancellation)
{
    private readonly CancellationTokenRegistration _registration =
        cancellation.UnsafeRegister(static limit => ((Watch.Limit)limit!).Cancel(), limit);

    public LiveChannel Channel { get; } = channel;

    public Watch.Limit Limit { get; } = limit;

    /// <summary>The caller's own.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <param name="complete">The answer was read to its end.</param>
    public void Release(bool complete)
    {
        _registration.Dispose();
        Limit.Return(complete);
        Channel.Leave();
    }
}
