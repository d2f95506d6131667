using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Accounts.History;

/// <summary>
/// The activity log. Owners see the events of their own account and keys; administrators see everything. Owners don't see which
/// administrator acted or from which IP address.
/// </summary>
public sealed class ChangeHistory(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<Page<HistoryEntry>> SearchAsync(Actor actor, AuditQuery query, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var page = await db.AuditPageAsync(
            events => acting.IsAdministrator ? events : events.Where(e => e.OwnerId == acting.Id), query, cancellation);
        var names = await NamesAsync(db, page.Rows, cancellation);
        return new Page<HistoryEntry>([.. page.Rows.Select(e => Show(e, acting, names))], page.Previous, page.Next);
    }

    private static async Task<Dictionary<long, AccountName>> NamesAsync(
        NexLlmDbContext db, IReadOnlyList<AuditEvent> events, CancellationToken cancellation)
    {
        var ids = events.SelectMany(e => new[] { e.ActorId, e.OwnerId }).OfType<long>().Distinct().ToList();
        return await db.Users.Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => new AccountName(a.Id, a.Email!), cancellation);
    }

    private static HistoryEntry Show(AuditEvent recorded, ActingAccount viewer, Dictionary<long, AccountName> names)
    {
        HistoryActor by = recorded.ActorId switch
        {
            null when recorded.Address is null => new HistoryActor.Program(),
            null => new HistoryActor.Visitor(),
            { } id when id == viewer.Id => new HistoryActor.You(),
            { } id when viewer.IsAdministrator && names.TryGetValue(id, out var person) => new HistoryActor.Person(person),
            _ => new HistoryActor.Administrator(),
        };
        return new HistoryEntry(
            recorded.Id, recorded.At, recorded.Action, by, by is HistoryActor.Administrator ? null : recorded.Address,
            recorded.OwnerId is { } owner ? names.GetValueOrDefault(owner) : null, recorded.KeyId, RecordedChange.Read(recorded.Changes));
    }
}
