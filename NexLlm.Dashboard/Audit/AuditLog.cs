using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Audit;

/// <summary>Reads what was recorded. Whose events may be read is the caller's business.</summary>
internal static class AuditLog
{
    /// <summary>The page of these events that the query asks for.</summary>
    /// <param name="db">The context that they are read by.</param>
    /// <param name="narrow">Leaves only what may be read.</param>
    /// <param name="query">What is looked for.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Page<AuditEvent>> AuditPageAsync(
        this NexLlmDbContext db, Func<IQueryable<AuditEvent>, IQueryable<AuditEvent>> narrow, AuditQuery query, CancellationToken cancellation)
    {
        var size = Math.Clamp(query.PageSize, 1, 100);
        var matching = narrow(db.Set<AuditEvent>().AsNoTracking()).Matching(query);
        var ordered = query.Cursor switch
        {
            null => matching.OrderByDescending(e => e.Id),
            { Direction: PageDirection.After, Id: var id } => matching.Where(e => e.Id < id).OrderByDescending(e => e.Id),
            { Direction: PageDirection.Before, Id: var id } => matching.Where(e => e.Id > id).OrderBy(e => e.Id),
            _ => matching.OrderBy(e => e.Id),
        };
        var found = await ordered.Take(size + 1).ToListAsync(cancellation);
        return found.Count <= size && query.Cursor is { Direction: PageDirection.Before }
            ? await db.AuditPageAsync(narrow, query with { Cursor = null }, cancellation)
            : Page.Cut(found, size, query.Cursor, (recorded, way) => new PageCursor(way, null, 0, recorded.Id));
    }

    private static IQueryable<AuditEvent> Matching(this IQueryable<AuditEvent> events, AuditQuery query)
    {
        if (query.Actions is { } actions)
        {
            events = events.Where(e => actions.Contains(e.Action));
        }

        if (query.AccountId is { } account)
        {
            events = events.Where(e => e.OwnerId == account || e.ActorId == account);
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
