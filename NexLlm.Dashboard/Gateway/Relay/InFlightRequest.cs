using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// A running upstream call and what may end it early. A disconnected client doesn't: the call continues for a while, so that the
/// output is charged by the provider's own figures.
/// </summary>
internal sealed class InFlightRequest : IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private readonly CancellationTokenRegistration _watch;
    private readonly TimeProvider _clock;
    private readonly InFlightRequests _running;
    private long _leftAt;

    public InFlightRequest(AdmittedRequest request, TimeProvider clock, InFlightRequests running)
    {
        Request = request;
        _clock = clock;
        _running = running;
        _watch = request.Call.Http.RequestAborted.UnsafeRegister(static inFlight => ((InFlightRequest)inFlight!).ClientLeft(), this);
    }

    public AdmittedRequest Request { get; }

    public GatewayRequest Call => Request.Call;

    /// <summary>Cancels the upstream call; the output so far is charged.</summary>
    public CancellationToken Cancellation => _cut.Token;

    public bool HasClient => Volatile.Read(ref _leftAt) == 0;

    /// <summary>The error for the client if the gateway itself ended the call; otherwise null.</summary>
    public Verdict? AbortReason { get; private set; }

    /// <summary>Records that the first byte of the response is being sent to the client.</summary>
    public void Answers() => Call.FirstByteAt ??= _clock.GetTimestamp();

    public void ClientLeft() => Interlocked.CompareExchange(ref _leftAt, Math.Max(1, _clock.GetTimestamp()), 0);

    /// <summary>The time since the client disconnected; null while it is connected.</summary>
    public TimeSpan? WithoutClientFor => Volatile.Read(ref _leftAt) is var at and not 0 ? _clock.GetElapsedTime(at) : null;

    public void Cut(Verdict because)
    {
        AbortReason ??= because;
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request has already ended.
        }
    }

    public void Dispose()
    {
        _running.End(this);
        _watch.Dispose();
        _cut.Dispose();
    }
}
