using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Binds a circuit to the session that started it. The framework lets anyone with a circuit's secret
/// reconnect and silently adopts the new connection's user. Here, such a reconnect is answered as if
/// the circuit no longer existed, so the browser reloads the page as its current user.
/// </summary>
internal sealed class CircuitOwners(TimeProvider clock) : IHubFilter
{
    /// <summary>Longer than the framework keeps a disconnected circuit (3 minutes) or its persisted state (2 hours).</summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromHours(3);

    private static readonly object _secretsKey = new();

    private readonly ConcurrentDictionary<string, Owner> _owners = new();

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var caller = invocationContext.Context.User?.ToActor(address: null)?.SessionId ?? Guid.Empty;
        switch (invocationContext.HubMethodName, invocationContext.HubMethodArguments)
        {
            case ("ConnectCircuit", [string secret, ..]):
                return Owns(caller, secret) && await next(invocationContext) is true && Keep(invocationContext.Context, caller, secret);
            case ("ResumeCircuit", [string secret, ..]) when !Owns(caller, secret):
                return null;
            case ("StartCircuit" or "ResumeCircuit", _):
                var started = await next(invocationContext);
                Keep(invocationContext.Context, caller, started);
                return started;
            default:
                return await next(invocationContext);
        }
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        var now = clock.GetUtcNow();
        if (context.Context.Items.TryGetValue(_secretsKey, out var kept) && kept is string secret && _owners.TryGetValue(secret, out var owner))
        {
            _owners[secret] = owner with { Until = now + Retention };
        }

        foreach (var (gone, _) in _owners.Where(o => o.Value.Until <= now))
        {
            _owners.TryRemove(gone, out var _);
        }

        await next(context, exception);
    }

    private bool Owns(Guid caller, string secret) => caller != Guid.Empty && _owners.TryGetValue(secret, out var owner) && owner.Session == caller;

    private bool Keep(HubCallerContext connection, Guid caller, object? started)
    {
        if (started is not string secret)
        {
            return false;
        }

        connection.Items[_secretsKey] = secret;
        _owners[secret] = new Owner(caller, DateTimeOffset.MaxValue);
        return true;
    }

    private sealed record Owner(Guid Session, DateTimeOffset Until);
}
