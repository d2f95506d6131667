using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// Lets a channel rest when too many of its calls fail. Polly keeps the count and the state. It is told how calls ended
/// instead of being wrapped around them, so that a call that goes well costs no allocation. It also remembers what checks and
/// answers said of the channel: in memory, since after a restart only a new check is worth anything.
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

    // UTC ticks; 0 before the first, and while the circuit is closed.
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

    /// <summary>Open while the channel rests, and after that until a call has gone well.</summary>
    public CircuitState State => _state.CircuitState;

    /// <summary>Whether requests should go elsewhere. After its rest a channel is tried by one request per rest.</summary>
    public bool Rests => Volatile.Read(ref _restsUntil) is > 0 and var until && Now < until;

    /// <summary>For people to look at.</summary>
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

    /// <summary>When a check last said something; null before the first.</summary>
    internal DateTimeOffset? LastCheck => Volatile.Read(ref _checkedAt) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    /// <summary>Answers are noted by their time alone, which costs a request no allocation.</summary>
    private HealthFinding? Last => Volatile.Read(ref _last) is { Status: ChannelStatus.Healthy } found && Volatile.Read(ref _answeredAt) is var at && at > found.At.UtcTicks
        ? found with { At = new DateTimeOffset(at, TimeSpan.Zero) }
        : Volatile.Read(ref _last);

    private long Now => _clock.GetUtcNow().UtcTicks;

    /// <summary>False if the channel rests, or another request is just trying whether it is back.</summary>
    internal bool TryEnter()
    {
        var until = Volatile.Read(ref _restsUntil);
        return until == 0 || (Now >= until && Interlocked.CompareExchange(ref _restsUntil, RestFromNow(), until) == until);
    }

    /// <summary>A call has ended, for those who look on. One that was given up says nothing and is not counted.</summary>
    internal void Count(bool success)
    {
        _recent.Count(success);
        // One failure is no proof of anything, but a reason to look.
        if (!success && Interlocked.Exchange(ref _isSuspect, 1) == 0)
        {
            _changes.Suspect();
        }
    }

    /// <summary>Takes in what a check or a test found out.</summary>
    /// <param name="beganAt">When it was asked: an answer since then is the better evidence.</param>
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
    /// Whether a call got its answer, which decides whether the channel rests. A success is told when the answer begins, so that a channel that is back
    /// is used at once, and counted when it has ended; a failure, then or in the middle of the answer, is told and counted.
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
        // While the circuit is open, the outcome of a call that began earlier is refused, which is as well.
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
