using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>Queries accounts. The caller is responsible for access control.</summary>
internal static class AccountQueries
{
    /// <summary>The sort value of accounts that have never been used.</summary>
    private static readonly DateTimeOffset _never = DateTimeOffset.UnixEpoch;

    public static IQueryable<AccountDetails> AccountDetails(this NexLlmDbContext db)
    {
        var administrators = db.AdministratorIds();
        return db.Users.AsNoTracking().Select(a => new AccountDetails
        {
            Id = a.Id,
            Email = a.Email!,
            EmailKey = a.NormalizedEmail!,
            IsAdministrator = administrators.Contains(a.Id),
            CreatedAt = a.CreatedAt,
            DisabledAt = a.DisabledAt,
            TokenLimit = a.TokenLimit,
            UsedTokens = a.UsedTokens,
            LastSeenAt = db.Set<LoginSession>().Where(s => s.AccountId == a.Id).Max(s => (DateTimeOffset?)s.LastSeenAt),
            HasFactors = a.TwoFactorEnabled || db.UserPasskeys.Any(p => p.UserId == a.Id),
            ResetLinkUntil = db.Set<PasswordReset>().Where(r => r.AccountId == a.Id).Select(r => (DateTimeOffset?)r.ExpiresAt).SingleOrDefault(),
        });
    }

    public static async Task<Page<AccountDetails>> AccountPageAsync(this NexLlmDbContext db, AccountQuery query, CancellationToken cancellation)
    {
        var size = Math.Clamp(query.PageSize, 1, 100);
        // Select the IDs first, so that expensive details are queried only for the accounts shown.
        var ids = await db.AccountDetails().Matching(query.Search).Where(Shown(query.Filter)).From(query)
            .Ordered(query.Sort, query.Descending ^ query.Cursor.IsBackwards())
            .Select(a => a.Id).Take(size + 1).ToListAsync(cancellation);
        var rows = await db.AccountDetails().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancellation);
        var found = ids.Select(id => rows[id]).ToList();
        return found.Count <= size && query.Cursor is { Direction: PageDirection.Before }
            ? await db.AccountPageAsync(query with { Cursor = null }, cancellation)
            : Page.Cut(found, size, query.Cursor, (account, way) => PlaceOf(account, query.Sort, way));
    }

    public static async Task<AccountCounts> AccountCountsAsync(this NexLlmDbContext db, string? search, CancellationToken cancellation)
    {
        var matching = db.AccountDetails().Matching(search);
        // Counts all accounts in one scan; the few administrators are counted separately.
        var counts = await matching.GroupBy(_ => 1).Select(all => new
        {
            All = all.Count(),
            Disabled = all.AsQueryable().Count(Shown(AccountFilter.Disabled)),
            Exhausted = all.AsQueryable().Count(Shown(AccountFilter.Exhausted)),
        }).SingleOrDefaultAsync(cancellation);
        return new AccountCounts(new Dictionary<AccountFilter, int>
        {
            [AccountFilter.All] = counts?.All ?? 0,
            [AccountFilter.Administrators] = await matching.CountAsync(Shown(AccountFilter.Administrators), cancellation),
            [AccountFilter.Disabled] = counts?.Disabled ?? 0,
            [AccountFilter.Exhausted] = counts?.Exhausted ?? 0,
        });
    }

    private static IQueryable<AccountDetails> Matching(this IQueryable<AccountDetails> accounts, string? search)
    {
        var text = EmailAddress.Key(search);
        return text is "" ? accounts : accounts.Where(a => a.EmailKey.Contains(text));
    }

    private static Expression<Func<AccountDetails, bool>> Shown(AccountFilter filter) => filter switch
    {
        AccountFilter.All => a => true,
        AccountFilter.Administrators => a => a.IsAdministrator,
        AccountFilter.Disabled => a => a.DisabledAt != null,
        // An account that never had a quota can't have exhausted it.
        AccountFilter.Exhausted => a => a.DisabledAt == null && a.UsedTokens > 0 && a.UsedTokens >= a.TokenLimit,
    };

    private static IQueryable<AccountDetails> Ordered(this IQueryable<AccountDetails> accounts, AccountSort sort, bool descending) => (sort, descending) switch
    {
        (AccountSort.Email, false) => accounts.OrderBy(a => a.EmailKey).ThenBy(a => a.Id),
        (AccountSort.Email, true) => accounts.OrderByDescending(a => a.EmailKey).ThenByDescending(a => a.Id),
        (AccountSort.Used, false) => accounts.OrderBy(a => a.UsedTokens).ThenBy(a => a.Id),
        (AccountSort.Used, true) => accounts.OrderByDescending(a => a.UsedTokens).ThenByDescending(a => a.Id),
        (AccountSort.LastSeen, false) => accounts.OrderBy(a => a.LastSeenAt ?? _never).ThenBy(a => a.Id),
        (AccountSort.LastSeen, true) => accounts.OrderByDescending(a => a.LastSeenAt ?? _never).ThenByDescending(a => a.Id),
        (AccountSort.Created, false) => accounts.OrderBy(a => a.CreatedAt).ThenBy(a => a.Id),
        (AccountSort.Created, true) => accounts.OrderByDescending(a => a.CreatedAt).ThenByDescending(a => a.Id),
    };

    private static IQueryable<AccountDetails> From(this IQueryable<AccountDetails> accounts, AccountQuery query)
    {
        if (query.Cursor is not { Direction: not PageDirection.Last } cursor)
        {
            return accounts;
        }

        var upwards = cursor.Direction is PageDirection.After ^ query.Descending;
        var (email, number, at, id) = (cursor.Text ?? "", cursor.Number, cursor.Instant, cursor.Id);
        return (query.Sort, upwards) switch
        {
            (AccountSort.Email, true) => accounts.Where(a => a.EmailKey.CompareTo(email) > 0 || (a.EmailKey == email && a.Id > id)),
            (AccountSort.Email, false) => accounts.Where(a => a.EmailKey.CompareTo(email) < 0 || (a.EmailKey == email && a.Id < id)),
            (AccountSort.Used, true) => accounts.Where(a => a.UsedTokens > number || (a.UsedTokens == number && a.Id > id)),
            (AccountSort.Used, false) => accounts.Where(a => a.UsedTokens < number || (a.UsedTokens == number && a.Id < id)),
            (AccountSort.LastSeen, true) => accounts.Where(a => (a.LastSeenAt ?? _never) > at || ((a.LastSeenAt ?? _never) == at && a.Id > id)),
            (AccountSort.LastSeen, false) => accounts.Where(a => (a.LastSeenAt ?? _never) < at || ((a.LastSeenAt ?? _never) == at && a.Id < id)),
            (AccountSort.Created, true) => accounts.Where(a => a.CreatedAt > at || (a.CreatedAt == at && a.Id > id)),
            (AccountSort.Created, false) => accounts.Where(a => a.CreatedAt < at || (a.CreatedAt == at && a.Id < id)),
        };
    }

    private static PageCursor PlaceOf(AccountDetails account, AccountSort sort, PageDirection way) => sort switch
    {
        AccountSort.Email => new(way, account.EmailKey, 0, account.Id),
        AccountSort.Used => new(way, null, account.UsedTokens, account.Id),
        AccountSort.LastSeen => new(way, null, (account.LastSeenAt ?? _never).ToUnixTimeMilliseconds(), account.Id),
        AccountSort.Created => new(way, null, account.CreatedAt.ToUnixTimeMilliseconds(), account.Id),
    };
}
