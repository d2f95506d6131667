using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// A request whose upstream call is running, and what may end it early. The client's leaving is not among that: the upstream
/// goes on for a while, so that what it makes is charged by its own figures.
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

    /// <summary>Ends the upstream call; what was made until then is charged.</summary>
    public CancellationToken Cancellation => _cut.Token;

    public bool HasClient => Volatile.Read(ref _leftAt) == 0;

    /// <summary>What the client is told when the program itself ended the call; null while it did not.</summary>
    public Verdict? AbortReason { get; private set; }

    /// <summary>The first byte of an answer is on its way to the client.</summary>
    public void Answers() => Call.FirstByteAt ??= _clock.GetTimestamp();

    public void ClientLeft() => Interlocked.CompareExchange(ref _leftAt, Math.Max(1, _clock.GetTimestamp()), 0);

    /// <summary>Null while the client is there.</summary>
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
            // It landed meanwhile.
        }
    }

    public void Dispose()
    {
        _running.End(this);
        _watch.Dispose();
        _cut.Dispose();
    }
}
