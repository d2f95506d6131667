using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>Something with a quota that is used up at some time, at the pace of the last seven days.</summary>
/// <param name="AccountId">The account, or the key's owner.</param>
/// <param name="KeyId">Null if it is the account's overall quota.</param>
/// <param name="Name">The key's name, or the account's e-mail address.</param>
/// <param name="Quota">As it stands in the file, at most a second old.</param>
/// <param name="Runway">How long it lasts.</param>
public sealed record RunningOut(long AccountId, long? KeyId, string Name, TokenQuota Quota, Runway Runway);

/// <summary>Says what runs out. An owner asks about the own account and keys, an administrator about all.</summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> when the actor's login is over or the account is disabled.</remarks>
public sealed class UsageForecast(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    private const int Most = 10;

    /// <summary>The keys and accounts that work now and run out soonest, the soonest first.</summary>
    public async Task<IReadOnlyList<RunningOut>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var subject = new UsageSubject(acting.IsAdministrator ? null : acting.Id);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        using var reader = new UsageReader(db);
        var used = subject.Keys(reader, WindowStart(now), WindowEnd(now));
        return
        [
            .. (await KeysAsync(db, used, now, cancellation)).Concat(await AccountsAsync(db, used, now, cancellation))
                .Where(r => r.Quota.Remaining > 0).OrderBy(r => r.Runway.RunsOutAt).Take(Most),
        ];
    }

    /// <summary>How long one live key's own quota lasts; null if for ever, if nobody can tell yet, or if the actor may not see the key.</summary>
    public async Task<Runway?> OfKeyAsync(Actor actor, long keyId, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var key = await db.Set<ApiKey>().AsNoTracking().SingleOrDefaultAsync(
            k => k.Id == keyId && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation);
        if (key?.TokenLimit is null)
        {
            return null;
        }

        await using var snapshot = await db.BeginReadAsync(cancellation);
        var week = new Timeline([WindowStart(now)], WindowEnd(now));
        return Of(key.Quota, UsageSubject.OfKeys(db, week, [(key.OwnerId, key.Id)])[0][0].ChargedTokens, key.CreatedAt, now);
    }

    private static async Task<IEnumerable<RunningOut>> KeysAsync(
        NexLlmDbContext db, Dictionary<(long AccountId, long KeyId), UsageSums> used, DateTimeOffset now, CancellationToken cancellation)
    {
        var tokens = used.ToDictionary(u => u.Key.KeyId, u => u.Value.ChargedTokens);
        var ids = tokens.Keys.ToList();
        var keys = await db.Set<ApiKey>().AsNoTracking().Where(KeyFilters.For(KeyFilter.Active, now))
            .Where(k => EF.Parameter(ids).Contains(k.Id) && k.DeletedAt == null && k.TokenLimit != null)
            .Select(k => new { k.Id, k.OwnerId, k.Name, k.TokenLimit, k.UsedTokens, k.CreatedAt }).ToListAsync(cancellation);
        return from key in keys
               let quota = new TokenQuota(key.TokenLimit, key.UsedTokens)
               let runway = Of(quota, tokens[key.Id], key.CreatedAt, now)
               where runway is not null
               select new RunningOut(key.OwnerId, key.Id, key.Name, quota, runway.Value);
    }

    private static async Task<IEnumerable<RunningOut>> AccountsAsync(
        NexLlmDbContext db, Dictionary<(long AccountId, long KeyId), UsageSums> used, DateTimeOffset now, CancellationToken cancellation)
    {
        var tokens = used.GroupBy(u => u.Key.AccountId).ToDictionary(a => a.Key, a => a.Sum(u => u.Value.ChargedTokens));
        var ids = tokens.Keys.ToList();
        var accounts = await db.Users.AsNoTracking()
            .Where(a => EF.Parameter(ids).Contains(a.Id) && a.DisabledAt == null && a.TokenLimit != null)
            .Select(a => new { a.Id, a.Email, a.TokenLimit, a.UsedTokens, a.CreatedAt }).ToListAsync(cancellation);
        return from account in accounts
               let quota = new TokenQuota(account.TokenLimit, account.UsedTokens)
               let runway = Of(quota, tokens[account.Id], account.CreatedAt, now)
               where runway is not null
               select new RunningOut(account.Id, null, account.Email!, quota, runway.Value);
    }

    private static Runway? Of(TokenQuota quota, long used, DateTimeOffset since, DateTimeOffset now)
    {
        var start = WindowStart(now);
        return Runway.Of(quota, used, now - (since > start ? since : start), now);
    }

    /// <summary>The roll-up has whole hours.</summary>
    private static DateTimeOffset WindowStart(DateTimeOffset now) => HourOf(now - Runway.Window);

    private static DateTimeOffset WindowEnd(DateTimeOffset now) => HourOf(now).AddHours(1);

    private static DateTimeOffset HourOf(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(UsagePeriod.Hour.StartOf(at.ToUnixTimeMilliseconds()));
}
