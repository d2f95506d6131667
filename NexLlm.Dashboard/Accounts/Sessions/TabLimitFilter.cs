using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>Admits tabs while there is room. The administrator role is checked only when it matters: when no places are left for others.</summary>
internal sealed class TabLimitFilter(LiveConnections connections, IDbContextFactory<NexLlmDbContext> contexts) : IHubFilter
{
    public async ValueTask<LiveConnections.Rejection?> RefusesAsync(Actor actor, CancellationToken cancellation) =>
        connections.Refuses(actor) is { } refusal
            ? await IsAdministratorAsync(actor, cancellation) ? connections.Refuses(actor, asAdministrator: true) : refusal
            : null;

    public async ValueTask<(LiveConnections.IConnection? Connection, LiveConnections.Rejection? Rejection)> OpenAsync(
        Actor actor, Action abort, CancellationToken cancellation)
    {
        var connection = connections.Open(actor, abort, asAdministrator: false, out var refusal);
        return connection is null && await IsAdministratorAsync(actor, cancellation)
            ? (connections.Open(actor, abort, asAdministrator: true, out refusal), refusal)
            : (connection, refusal);
    }

    /// <summary>A connection becomes a tab when its circuit starts; without room, the start is rejected.</summary>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.HubMethodName is not ("StartCircuit" or "ConnectCircuit" or "ResumeCircuit")
            || invocationContext.Context.GetHttpContext()?.Features.Get<LiveConnections.IConnection>() is not { } connection)
        {
            return await next(invocationContext);
        }

        if (connection.Begin(asAdministrator: false) is not null
            && !(await IsAdministratorAsync(connection.Actor, CancellationToken.None) && connection.Begin(asAdministrator: true) is null))
        {
            return invocationContext.HubMethodName is "ConnectCircuit" ? false : null;
        }

        var started = await next(invocationContext);
        if (started is null or false)
        {
            connection.GiveBack();
        }

        return started;
    }

    private async Task<bool> IsAdministratorAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.AdministratorIds().ContainsAsync(actor.AccountId!.Value, cancellation);
    }
}
