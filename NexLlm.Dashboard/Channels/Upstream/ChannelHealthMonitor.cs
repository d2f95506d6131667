using System.Threading.Channels;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Checks every enabled channel periodically, a new or changed one immediately, and one with a failed request within seconds. The results
/// are kept beside the channel's circuit, for display and previews. They don't affect the circuit, which counts requests.
/// </summary>
internal sealed partial class ChannelHealthMonitor(
    ChannelDirectory directory, ChannelProbe probe, ChannelChanges changes, ChannelHealthChanges suspicions, IOptions<ChannelHealthOptions> options,
    Random random, TimeProvider clock, ILogger<ChannelHealthMonitor> logger) : BackgroundService
{
    /// <summary>The minimum time between checks of a channel whose requests keep failing.</summary>
    internal static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    // A capacity of one is enough, because one wake-up covers all pending signals.
    private readonly System.Threading.Channels.Channel<bool> _woken = System.Threading.Channels.Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Keyed by circuit, because a channel with a new base URL or credential gets a new circuit and has no history.
    private Dictionary<ChannelCircuit, DateTimeOffset> _next = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var changed = changes.Subscribe(_ => Wake());
        suspicions.Suspected += Wake;
        try
        {
            while (true)
            {
                var due = Due();
                await Parallel.ForEachAsync(
                    due, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = stoppingToken },
                    async (channel, cancellation) => await CheckAsync(channel, cancellation));
                await WaitAsync(stoppingToken);
            }
        }
        finally
        {
            suspicions.Suspected -= Wake;
        }
    }

    private List<LiveChannel> Due()
    {
        var now = clock.GetUtcNow();
        var channels = directory.Current.Channels.Where(c => c.Type is not ChannelType.Echo).ToList();
        _next = channels.DistinctBy(c => c.Circuit).ToDictionary(c => c.Circuit, c => NextOf(c.Circuit));
        var due = channels.FindAll(c => _next[c.Circuit] <= now);
        due.ForEach(c => _next[c.Circuit] = now + options.Value.Interval * (1 + random.NextDouble() / 5));
        return due;
    }

    private DateTimeOffset NextOf(ChannelCircuit circuit)
    {
        var planned = _next.GetValueOrDefault(circuit);
        return circuit.IsSuspect && (circuit.LastCheck ?? DateTimeOffset.MinValue) + ShortestPause is var soon && soon < planned ? soon : planned;
    }

    private async Task CheckAsync(LiveChannel channel, CancellationToken cancellation)
    {
        try
        {
            var beganAt = clock.GetUtcNow();
            var (status, latency, error) = await probe.CheckAsync(channel, options.Value.Timeout, cancellation);
            channel.Circuit.Learn(status, beganAt, latency, error);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The other channels are still checked; this one is retried next time.
            LogFailure(channel.Name, failure);
        }
    }

    /// <summary>Waits until the next check is due, or a channel has changed or had a failed request.</summary>
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        var first = _next.Count == 0 ? options.Value.Interval : _next.Keys.Min(NextOf) - clock.GetUtcNow();
        if (first <= TimeSpan.Zero)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var woken = _woken.Reader.WaitToReadAsync(patience.Token).AsTask();
        await Task.WhenAny(woken, Task.Delay(first, clock, patience.Token)).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await patience.CancelAsync();
        await ((Task)woken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _woken.Reader.TryRead(out _);
        stoppingToken.ThrowIfCancellationRequested();
    }

    private void Wake() => _woken.Writer.TryWrite(true);

    [LoggerMessage(LogLevel.Error, "Channel {Channel} could not be checked.")]
    private partial void LogFailure(string channel, Exception failure);
}
