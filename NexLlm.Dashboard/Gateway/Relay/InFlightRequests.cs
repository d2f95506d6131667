using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>
/// All running upstream calls. Cancels those whose key or account was deleted or disabled, as soon as this process learns of it
/// and otherwise within a second, and those that ran long enough after their client disconnected.
/// </summary>
internal sealed class InFlightRequests(
    KeyDirectory keys, KeyChanges changes, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<InFlightRequests> log) : BackgroundService
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<InFlightRequest, byte> _inFlight = new();

    public InFlightRequest Start(AdmittedRequest request)
    {
        var inFlight = new InFlightRequest(request, clock, this);
        _inFlight.TryAdd(inFlight, 0);
        return inFlight;
    }

    internal void End(InFlightRequest inFlight) => _inFlight.TryRemove(inFlight, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_pace, clock);
        using var subscription = changes.Subscribe(change => _ = change.OnlyUsage ? Task.CompletedTask : CutOfAsync(change));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (inFlight, _) in _inFlight)
            {
                await CheckAsync(inFlight);
            }
        }
    }

    private async Task CutOfAsync(KeysChanged change)
    {
        foreach (var (inFlight, _) in _inFlight)
        {
            if (change.KeyIds.Contains(inFlight.Request.Routed.Key.Id))
            {
                await CheckAsync(inFlight);
            }
        }
    }

    private async Task CheckAsync(InFlightRequest inFlight)
    {
        try
        {
            if (await RevokedAsync(inFlight) is { } because)
            {
                inFlight.Cut(because);
            }
            else if (inFlight.WithoutClientFor > options.Value.DrainTime)
            {
                inFlight.Cut(Verdict.UpstreamError);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It is checked again in a second; the others must not wait for it.
            log.LogWarning(e, "A running request could not be checked");
        }
    }

    private async ValueTask<Verdict?> RevokedAsync(InFlightRequest inFlight)
    {
        // Refreshes the key first if it has changed.
        var key = await keys.FindAsync(inFlight.Call.KeyHash, CancellationToken.None);
        return key switch
        {
            null or { IsDeleted: true } => Verdict.InvalidApiKey,
            { Snapshot.Enabled: false } => Verdict.KeyDisabled,
            { Account.State.IsActive: false } => Verdict.AccountDisabled,
            _ => null,
        };
    }
}
