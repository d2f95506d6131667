using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// Pauses a channel when too many of its calls fail. Polly keeps the counts and the state. Outcomes are reported to it instead of wrapping
/// the calls, so that a successful call allocates nothing. The circuit also keeps the results of health checks and requests. They stay in
/// memory because after a restart only a new check is meaningful.
/// </summary>
public sealed partial class ChannelCircuit
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _rest;
    private readonly ILogger _logger;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<bool> _outcomes;
    private readonly RecentCalls _recent;
    private readonly string _channel;
    private readonly ChannelHealthChanges _changes;
    private HealthFinding? _last;
    private int _isSuspect;

    // UTC ticks. 0 before the first occurrence; _pausedAt and _restsUntil are also 0 while the circuit is closed.
    private long _answeredAt;
    private long _checkedAt;
    private long _pausedAt;
    private long _restsUntil;

    internal ChannelCircuit(string channel, RoutingOptions options, ChannelHealthChanges changes, TimeProvider clock, ILogger logger)
    {
        _channel = channel;
        _changes = changes;
        _clock = clock;
        _rest = options.CircuitRest;
        _logger = logger;
        _recent = new RecentCalls(clock);
        _outcomes = new ResiliencePipelineBuilder<bool> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = options.CircuitFailureRatio,
                MinimumThroughput = options.CircuitMinimumCalls,
                SamplingDuration = options.CircuitWindow,
                BreakDuration = options.CircuitRest,
                ShouldHandle = static args => ValueTask.FromResult(!args.Outcome.Result),
                StateProvider = _state,
                OnOpened = _ =>
                {
                    Interlocked.CompareExchange(ref _pausedAt, Now, 0);
                    Volatile.Write(ref _restsUntil, RestFromNow());
                    LogOpened(channel, _rest);
                    changes.Publish(new());
                    return default;
                },
                OnClosed = _ =>
                {
                    Volatile.Write(ref _restsUntil, 0);
                    Volatile.Write(ref _pausedAt, 0);
                    LogClosed(channel);
                    changes.Publish(new());
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Open during a pause, and afterwards until a call succeeds.</summary>
    public CircuitState State => _state.CircuitState;

    /// <summary>Whether requests should avoid this channel. After a pause, one request per pause length probes the channel.</summary>
    public bool Rests => Volatile.Read(ref _restsUntil) is > 0 and var until && Now < until;

    /// <summary>The health shown to users.</summary>
    public ChannelHealth Health
    {
        get
        {
            var (calls, failures) = _recent.Sum();
            var health = Volatile.Read(ref _restsUntil) switch
            {
                0 => new ChannelHealth(CircuitPhase.Closed, null, calls, failures),
                var until when Now < until => new(CircuitPhase.Open, new DateTimeOffset(until, TimeSpan.Zero), calls, failures),
                _ => new(CircuitPhase.HalfOpen, null, calls, failures),
            };
            return health with
            {
                Last = Last,
                PausedAt = health.Phase is not CircuitPhase.Closed && Volatile.Read(ref _pausedAt) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null,
            };
        }
    }

    /// <summary>Whether a request failed since the last check.</summary>
    internal bool IsSuspect => Volatile.Read(ref _isSuspect) != 0;

    /// <summary>The time of the last conclusive check; null before the first.</summary>
    internal DateTimeOffset? LastCheck => Volatile.Read(ref _checkedAt) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    /// <summary>Successful requests store only their time, so they allocate nothing.</summary>
    private HealthFinding? Last => Volatile.Read(ref _last) is { Status: ChannelStatus.Healthy } found && Volatile.Read(ref _answeredAt) is var at && at > found.At.UtcTicks
        ? found with { At = new DateTimeOffset(at, TimeSpan.Zero) }
        : Volatile.Read(ref _last);

    private long Now => _clock.GetUtcNow().UtcTicks;

    /// <summary>Returns false if the channel is paused or another request is already probing it.</summary>
    internal bool TryEnter()
    {
        var until = Volatile.Read(ref _restsUntil);
        return until == 0 || (Now >= until && Interlocked.CompareExchange(ref _restsUntil, RestFromNow(), until) == until);
    }

    /// <summary>Counts a finished call for display. Cancelled calls are inconclusive and aren't counted.</summary>
    internal void Count(bool success)
    {
        _recent.Count(success);
        // One failure proves nothing, but it is a reason to check the channel.
        if (!success && Interlocked.Exchange(ref _isSuspect, 1) == 0)
        {
            _changes.Suspect();
        }
    }

    /// <summary>Records the result of a check or test.</summary>
    /// <param name="beganAt">When the check started. A response received since then takes precedence.</param>
    internal void Learn(ChannelStatus status, DateTimeOffset beganAt, TimeSpan? latency = null, string? error = null)
    {
        Volatile.Write(ref _isSuspect, 0);
        Volatile.Write(ref _checkedAt, Now);
        if (status is ChannelStatus.Healthy || Volatile.Read(ref _answeredAt) < beganAt.UtcTicks)
        {
            Take(status, latency, error);
        }
    }

    /// <summary>
    /// Reports the outcome of a call, which decides whether the channel is paused. A success is
    /// reported when the response starts, so that a recovered channel is used immediately, and counted
    /// when the response ends. A failure, even in the middle of the response, is reported and counted.
    /// </summary>
    internal ValueTask ReportAsync(bool success)
    {
        if (success)
        {
            NoteAnswer();
        }
        else
        {
            Count(success: false);
        }

        var context = ResilienceContextPool.Shared.Get();
        // While the circuit is open, Polly rejects outcomes of earlier calls, as intended.
        var told = _outcomes.ExecuteOutcomeAsync(static (_, outcome) => new ValueTask<Outcome<bool>>(Outcome.FromResult(outcome)), context, success);
        if (!told.IsCompleted)
        {
            return ChangedAsync(told, context);
        }

        told.GetAwaiter().GetResult();
        ResilienceContextPool.Shared.Return(context);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask ChangedAsync(ValueTask<Outcome<bool>> told, ResilienceContext context)
    {
        await told;
        ResilienceContextPool.Shared.Return(context);
    }

    private void NoteAnswer()
    {
        Volatile.Write(ref _answeredAt, Now);
        if (Volatile.Read(ref _last) is not { Status: ChannelStatus.Healthy })
        {
            Take(ChannelStatus.Healthy, latency: null, error: null);
        }
    }

    private void Take(ChannelStatus status, TimeSpan? latency, string? error)
    {
        var now = _clock.GetUtcNow();
        HealthFinding? before;
        HealthFinding after;
        do
        {
            before = Volatile.Read(ref _last);
            after = new HealthFinding(status, now, before?.Status == status ? before.Since : now, latency, error);
        }
        while (Interlocked.CompareExchange(ref _last, after, before) != before);

        if (before?.Status == status)
        {
            return;
        }

        if (!status.IsUsable())
        {
            LogFailing(_channel, error);
        }
        else if (before is { Status: var was } && !was.IsUsable())
        {
            LogAnswers(_channel);
        }

        _changes.Publish(new());
    }

    private long RestFromNow() => Now + _rest.Ticks;

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} is paused for {Rest} after repeated failures.")]
    private partial void LogOpened(string channel, TimeSpan rest);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} has recovered.")]
    private partial void LogClosed(string channel);

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} failed its health check: {Reason}")]
    private partial void LogFailing(string channel, string? reason);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} is healthy again.")]
    private partial void LogAnswers(string channel);
}

public sealed class CircuitFactory(IOptions<RoutingOptions> options, ChannelHealthChanges changes, TimeProvider clock, ILogger<ChannelCircuit> logger)
{
    internal ChannelCircuit Create(string channel) => new(channel, options.Value, changes, clock, logger);
}
