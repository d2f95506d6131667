using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Audit;

/// <summary>Reads recorded events. The caller is responsible for access control.</summary>
internal static class AuditLog
{
    /// <summary>Returns the requested page of events.</summary>
    /// <param name="db">The context to query.</param>
    /// <param name="narrow">Restricts the query to the events the caller is allowed to read.</param>
    /// <param name="query">The search criteria.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static async Task<Page<AuditEvent>> AuditPageAsync(
        this NexLlmDbContext db, Func<IQueryable<AuditEvent>, IQueryable<AuditEvent>> narrow, AuditQuery query, CancellationToken cancellation)
    {
        var size = Math.Clamp(query.PageSize, 1, 100);
        var matching = narrow(db.Set<AuditEvent>().AsNoTracking()).Matching(query);
        var found = await (query switch
        {
            { AccountId: null } => First(matching),
            { AccountId: var id, Part: AccountPart.Actor } => First(matching.Where(e => e.ActorId == id)),
            { AccountId: var id, Part: AccountPart.Subject } => First(matching.Where(e => e.OwnerId == id)),
            // One query per index: with an OR, SQLite would read every event related to the account.
            { AccountId: var id } => First(First(matching.Where(e => e.OwnerId == id)).Union(First(matching.Where(e => e.ActorId == id)))),
        }).ToListAsync(cancellation);
        return found.Count <= size && query.Cursor is { Direction: PageDirection.Before }
            ? await db.AuditPageAsync(narrow, query with { Cursor = null }, cancellation)
            : Page.Cut(found, size, query.Cursor, (recorded, way) => new PageCursor(way, null, 0, recorded.Id));

        IQueryable<AuditEvent> First(IQueryable<AuditEvent> events) => (query.Cursor switch
        {
            null => events.OrderByDescending(e => e.Id),
            { Direction: PageDirection.After, Id: var id } => events.Where(e => e.Id < id).OrderByDescending(e => e.Id),
            { Direction: PageDirection.Before, Id: var id } => events.Where(e => e.Id > id).OrderBy(e => e.Id),
            _ => events.OrderBy(e => e.Id),
        }).Take(size + 1);
    }

    private static IQueryable<AuditEvent> Matching(this IQueryable<AuditEvent> events, AuditQuery query)
    {
        if (query.Actions is { } actions)
        {
            events = events.Where(e => actions.Contains(e.Action));
        }

        if (query.KeyId is { } key)
        {
            events = events.Where(e => e.KeyId == key);
        }

        if (query.From is { } from)
        {
            events = events.Where(e => e.At >= from);
        }

        return query.To is { } to ? events.Where(e => e.At < to) : events;
    }
}
