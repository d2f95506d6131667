using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Keys;

/// <summary>Reads keys. The caller is responsible for access control.</summary>
internal static class KeyQueries
{
    /// <summary>Searches up to this length match only the start of names, since matching inside them would find nearly everything.</summary>
    private const int ShortSearch = 2;

    public static IQueryable<ApiKey> Live(this NexLlmDbContext db, long ownerId) =>
        db.Set<ApiKey>().AsNoTracking().Where(k => k.OwnerId == ownerId && k.DeletedAt == null);

    public static async Task<KeyPage> PageAsync(
        this NexLlmDbContext db, long ownerId, KeyQuery query, DateTimeOffset now, CancellationToken cancellation)
    {
        var size = Math.Clamp(query.PageSize, 1, 100);
        var matching = db.Live(ownerId).Matching(query.Search).Where(KeyFilters.For(query.Filter, now));
        var backwards = query.Cursor.IsBackwards();

        // Reads the ids first, from the list's index alone, then only the rows of this page.
        var ids = await matching.From(query).Ordered(query.Sort, query.Descending ^ backwards)
            .Select(k => k.Id).Take(size + 1).ToListAsync(cancellation);
        if (ids.Count <= size && query.Cursor is { Direction: PageDirection.Before })
        {
            return await db.PageAsync(ownerId, query with { Cursor = null }, now, cancellation);
        }

        var rows = (await db.DetailsAsync(k => ids.Contains(k.Id), cancellation)).ToDictionary(k => k.Id);
        // A key deleted between the two queries is not shown.
        var page = Page.Cut([.. ids.Where(rows.ContainsKey).Select(id => rows[id])], size, query.Cursor, (key, way) => CursorAt(key, query.Sort, way));
        return new KeyPage(page.Rows, page.Previous, page.Next);
    }

    public static async Task<KeyCounts> CountsAsync(
        this NexLlmDbContext db, long ownerId, string? search, DateTimeOffset now, CancellationToken cancellation)
    {
        var counts = await db.Live(ownerId).Matching(search).GroupBy(k => k.OwnerId).Select(all => new
        {
            All = all.Count(),
            Active = all.AsQueryable().Count(KeyFilters.For(KeyFilter.Active, now)),
            Disabled = all.AsQueryable().Count(KeyFilters.For(KeyFilter.Disabled, now)),
            Expired = all.AsQueryable().Count(KeyFilters.For(KeyFilter.Expired, now)),
            QuotaExhausted = all.AsQueryable().Count(KeyFilters.For(KeyFilter.QuotaExhausted, now)),
            ExpiresSoon = all.AsQueryable().Count(KeyFilters.For(KeyFilter.ExpiresSoon, now)),
            NeverExpires = all.AsQueryable().Count(KeyFilters.For(KeyFilter.NeverExpires, now)),
            Unlimited = all.AsQueryable().Count(KeyFilters.For(KeyFilter.Unlimited, now)),
            AnyIp = all.AsQueryable().Count(KeyFilters.For(KeyFilter.AnyIp, now)),
            Unused = all.AsQueryable().Count(KeyFilters.For(KeyFilter.Unused, now)),
        }).SingleOrDefaultAsync(cancellation);

        return new KeyCounts(counts is null ? new Dictionary<KeyFilter, int>() : new Dictionary<KeyFilter, int>
        {
            [KeyFilter.All] = counts.All,
            [KeyFilter.Active] = counts.Active,
            [KeyFilter.Disabled] = counts.Disabled,
            [KeyFilter.Expired] = counts.Expired,
            [KeyFilter.QuotaExhausted] = counts.QuotaExhausted,
            [KeyFilter.ExpiresSoon] = counts.ExpiresSoon,
            [KeyFilter.NeverExpires] = counts.NeverExpires,
            [KeyFilter.Unlimited] = counts.Unlimited,
            [KeyFilter.AnyIp] = counts.AnyIp,
            [KeyFilter.Unused] = counts.Unused,
        });
    }

    public static async Task<List<KeyDetails>> DetailsAsync(
        this NexLlmDbContext db, System.Linq.Expressions.Expression<Func<ApiKey, bool>> which, CancellationToken cancellation)
    {
        var rows = await (
            from key in db.Set<ApiKey>().AsNoTracking().Where(which)
            join grp in db.Set<ChannelGroup>() on key.GroupId equals grp.Id
            orderby key.Id
            select new { key, grp.Name, grp.RatioMillionths }).ToListAsync(cancellation);
        return [.. rows.Select(r => r.key.Details(r.Name, r.RatioMillionths))];
    }

    public static KeyDetails Details(this ApiKey key, string groupName, long ratioMillionths) => new(
        key.Id, key.OwnerId, key.Name, key.DisplayForm, key.IsEnabled, key.Policy, groupName,
        (decimal)ratioMillionths / ChannelGroup.RatioOne, key.Quota, key.CreatedAt, key.LastUsedAt, key.DeletedAt, key.Version);

    public static IQueryable<ApiKey> Matching(this IQueryable<ApiKey> keys, string? search)
    {
        var text = KeyName.Normalize((search ?? "").Trim());
        return text.Length switch
        {
            0 => keys,
            <= ShortSearch => keys.Where(k => k.NormalizedName.StartsWith(text)),
            _ => keys.Where(k => k.NormalizedName.Contains(text)),
        };
    }

    private static IQueryable<ApiKey> Ordered(this IQueryable<ApiKey> keys, KeySort sort, bool descending) => (sort, descending) switch
    {
        (KeySort.Name, false) => keys.OrderBy(k => k.NormalizedName).ThenBy(k => k.Id),
        (KeySort.Name, true) => keys.OrderByDescending(k => k.NormalizedName).ThenByDescending(k => k.Id),
        (KeySort.Created, false) => keys.OrderBy(k => k.CreatedAt).ThenBy(k => k.Id),
        (KeySort.Created, true) => keys.OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id),
        (KeySort.LastUsed, false) => keys.OrderBy(k => k.LastUsedAt ?? Never.Used).ThenBy(k => k.Id),
        (KeySort.LastUsed, true) => keys.OrderByDescending(k => k.LastUsedAt ?? Never.Used).ThenByDescending(k => k.Id),
        (KeySort.Expires, false) => keys.OrderBy(k => k.ExpiresAt ?? Never.Expires).ThenBy(k => k.Id),
        (KeySort.Expires, true) => keys.OrderByDescending(k => k.ExpiresAt ?? Never.Expires).ThenByDescending(k => k.Id),
    };

    private static IQueryable<ApiKey> From(this IQueryable<ApiKey> keys, KeyQuery query)
    {
        if (query.Cursor is not { Direction: not PageDirection.Last } cursor)
        {
            return keys;
        }

        var upwards = cursor.Direction is PageDirection.After ^ query.Descending;
        var id = cursor.Id;
        if (query.Sort is KeySort.Name)
        {
            var name = cursor.Text ?? "";
            return upwards
                ? keys.Where(k => k.NormalizedName.CompareTo(name) > 0 || (k.NormalizedName == name && k.Id > id))
                : keys.Where(k => k.NormalizedName.CompareTo(name) < 0 || (k.NormalizedName == name && k.Id < id));
        }

        var at = cursor.Instant;
        return (query.Sort, upwards) switch
        {
            (KeySort.LastUsed, true) => keys.Where(k => (k.LastUsedAt ?? Never.Used) > at || ((k.LastUsedAt ?? Never.Used) == at && k.Id > id)),
            (KeySort.LastUsed, false) => keys.Where(k => (k.LastUsedAt ?? Never.Used) < at || ((k.LastUsedAt ?? Never.Used) == at && k.Id < id)),
            (KeySort.Expires, true) => keys.Where(k => (k.ExpiresAt ?? Never.Expires) > at || ((k.ExpiresAt ?? Never.Expires) == at && k.Id > id)),
            (KeySort.Expires, false) => keys.Where(k => (k.ExpiresAt ?? Never.Expires) < at || ((k.ExpiresAt ?? Never.Expires) == at && k.Id < id)),
            (_, true) => keys.Where(k => k.CreatedAt > at || (k.CreatedAt == at && k.Id > id)),
            (_, false) => keys.Where(k => k.CreatedAt < at || (k.CreatedAt == at && k.Id < id)),
        };
    }

    private static PageCursor CursorAt(KeyDetails key, KeySort sort, PageDirection direction) => sort switch
    {
        KeySort.Name => new(direction, KeyName.Normalize(key.Name), 0, key.Id),
        KeySort.Created => new(direction, null, key.CreatedAt.ToUnixTimeMilliseconds(), key.Id),
        KeySort.LastUsed => new(direction, null, (key.LastUsedAt ?? Never.Used).ToUnixTimeMilliseconds(), key.Id),
        KeySort.Expires => new(direction, null, (key.Policy.Expiration.At ?? Never.Expires).ToUnixTimeMilliseconds(), key.Id),
    };

    /// <summary>The sort position of an instant that never comes or never came.</summary>
    private static class Never
    {
        public static readonly DateTimeOffset Used = DateTimeOffset.UnixEpoch;
        public static readonly DateTimeOffset Expires = DateTimeOffset.MaxValue;
    }
}
