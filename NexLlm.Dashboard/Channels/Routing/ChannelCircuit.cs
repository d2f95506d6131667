using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// Lets a channel rest when too many of its calls fail. Polly keeps the count and the state. It is told how calls ended
/// instead of being wrapped around them, so that a call that goes well costs no allocation.
/// </summary>
public sealed partial class ChannelCircuit
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _rest;
    private readonly ILogger _logger;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<bool> _outcomes;
    private readonly RecentCalls _recent;

    // UTC ticks; 0 while the circuit is closed.
    private long _restsUntil;

    internal ChannelCircuit(string channel, RoutingOptions options, TimeProvider clock, ILogger logger)
    {
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
                    Volatile.Write(ref _restsUntil, RestFromNow());
                    LogOpened(channel, _rest);
                    return default;
                },
                OnClosed = _ =>
                {
                    Volatile.Write(ref _restsUntil, 0);
                    LogClosed(channel);
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
            return Volatile.Read(ref _restsUntil) switch
            {
                0 => new(CircuitPhase.Closed, null, calls, failures),
                var until when Now < until => new(CircuitPhase.Open, new DateTimeOffset(until, TimeSpan.Zero), calls, failures),
                _ => new(CircuitPhase.HalfOpen, null, calls, failures),
            };
        }
    }

    private long Now => _clock.GetUtcNow().UtcTicks;

    /// <summary>False if the channel rests, or another request is just trying whether it is back.</summary>
    internal bool TryEnter()
    {
        var until = Volatile.Read(ref _restsUntil);
        return until == 0 || (Now >= until && Interlocked.CompareExchange(ref _restsUntil, RestFromNow(), until) == until);
    }

    /// <summary>A call has ended, for those who look on. One that was given up says nothing and is not counted.</summary>
    internal void Count(bool success) => _recent.Count(success);

    /// <summary>
    /// Whether a call got its answer, which decides whether the channel rests. A success is told when the answer begins, so that a channel that is back
    /// is used at once, and counted when it has ended; a failure, then or in the middle of the answer, is told and counted.
    /// </summary>
    internal ValueTask ReportAsync(bool success)
    {
        if (!success)
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

    private long RestFromNow() => Now + _rest.Ticks;

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} is paused for {Rest} after repeated failures.")]
    private partial void LogOpened(string channel, TimeSpan rest);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} has recovered.")]
    private partial void LogClosed(string channel);
}

public sealed class CircuitFactory(IOptions<RoutingOptions> options, TimeProvider clock, ILogger<ChannelCircuit> logger)
{
    internal ChannelCircuit Create(string channel) => new(channel, options.Value, clock, logger);
}
