using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// All upstream calls in progress. Cuts those whose key was deleted or disabled, or whose account was, as soon as this
/// process hears of it and within a second otherwise; and those that have run long enough without their client.
/// </summary>
internal sealed class RunningRequests(
    KeyDirectory keys, KeyChanges changes, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<RunningRequests> log) : BackgroundService
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Flight, byte> _flights = new();

    public Flight Start(GatewayCall call)
    {
        var flight = new Flight(call, clock, this);
        _flights.TryAdd(flight, 0);
        return flight;
    }

    internal void End(Flight flight) => _flights.TryRemove(flight, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_pace, clock);
        using var subscription = changes.Subscribe(change => _ = change.OnlyUsage ? Task.CompletedTask : CutOfAsync(change));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (flight, _) in _flights)
            {
                await CheckAsync(flight);
            }
        }
    }

    private async Task CutOfAsync(KeysChanged change)
    {
        foreach (var (flight, _) in _flights)
        {
            if (change.KeyIds.Contains(flight.Call.Key!.Id))
            {
                await CheckAsync(flight);
            }
        }
    }

    private async Task CheckAsync(Flight flight)
    {
        try
        {
            if (await RevokedAsync(flight) is { } because)
            {
                flight.Cut(because);
            }
            else if (flight.WithoutClientFor > options.Value.DrainTime)
            {
                flight.Cut(Verdict.UpstreamError);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The next look at it is a second away; the others must not wait for it.
            log.LogWarning(e, "A running request could not be checked");
        }
    }

    private async ValueTask<Verdict?> RevokedAsync(Flight flight)
    {
        // Brings the key up to date first, if it was changed.
        var key = await keys.FindAsync(flight.Call.KeyHash, CancellationToken.None);
        return key switch
        {
            null or { IsDeleted: true } => Verdict.InvalidApiKey,
            { Snapshot.Enabled: false } => Verdict.KeyDisabled,
            { Account.State.IsActive: false } => Verdict.AccountDisabled,
            _ => null,
        };
    }
}
