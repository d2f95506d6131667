using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs;

// The details of a single request.
public sealed partial class RequestLog
{
    /// <summary>Finds a request by its <c>x-request-id</c>.</summary>
    /// <returns>Null if the actor can see none, or it is no longer kept.</returns>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<LogDetails?> FindAsync(Actor actor, string requestId, CancellationToken cancellation = default)
    {
        var scope = await ScopeAsync(actor, new LogQuery(RequestId: requestId), cancellation);
        using var reader = _engine.OpenLogReader();
        var rows = Named(reader, requestId, scope);
        if (rows.Count == 0)
        {
            return null;
        }

        var (row, isAdministrator) = (rows.First(), scope.IsAdministrator);
        var line = (await new LogNameResolver(_contexts, isAdministrator).ResolveAsync(rows, cancellation)).Single();
        return new LogDetails(
            line,
            isAdministrator ? row.AccountId : null,
            isAdministrator ? row.GroupId : null,
            isAdministrator ? row.ChannelId : null,
            row.ChargeId is { } charge ? await ChargeAsync(charge, row.RequestId, cancellation) : null,
            row.Code is { } code ? ReasonOf(code) : null);
    }

    private async Task<LoggedCharge?> ChargeAsync(long id, string requestId, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Set<Charge>().AsNoTracking().Where(c => c.Id == id && c.RequestId == requestId)
            .Select(c => new LoggedCharge(
                c.Id, c.State, c.Source, (decimal)c.RatioMillionths / ChannelGroup.RatioOne, c.ReservedTokens, c.InputTokens, c.OutputTokens, c.ChargedTokens,
                c.IsClamped, c.StartedAt, c.SettledAt))
            .SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Null for a code that no verdict has.</summary>
    private static string? ReasonOf(string code) => Enum.GetValues<Verdict>().Where(verdict => verdict is not Verdict.Allowed)
        .Select(VerdictErrors.For).FirstOrDefault(error => error.Code == code)?.Message;
}
