using System.Threading.Channels;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Checks every enabled channel now and then, a new or changed one at once, and one that failed a request within seconds. What it finds stands
/// beside the channel's circuit, for people and previews. Circuits are not told: they count requests.
/// </summary>
internal sealed partial class ChannelHealthMonitor(
    ChannelDirectory directory, ChannelProbe probe, ChannelChanges changes, ChannelHealthChanges suspicions, IOptions<ChannelHealthOptions> options,
    Random random, TimeProvider clock, ILogger<ChannelHealthMonitor> logger) : BackgroundService
{
    /// <summary>A channel under fire is not checked more often than this.</summary>
    internal static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    // One call is enough, however many there are.
    private readonly System.Threading.Channels.Channel<bool> _woken = System.Threading.Channels.Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // By circuit: a channel that leads elsewhere has a new one, and nothing is known of it.
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
            // The others are checked all the same, and this one next time.
            LogFailure(channel.Name, failure);
        }
    }

    /// <summary>Until the next check is due, a channel has changed or is suspected.</summary>
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
