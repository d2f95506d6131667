using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>A quota that runs out at the average rate of the last seven days.</summary>
/// <param name="AccountId">The account, or the key's owner.</param>
/// <param name="KeyId">Null for the account's overall quota.</param>
/// <param name="Name">The key's name, or the account's email.</param>
/// <param name="Owner">The account's email.</param>
/// <param name="Quota">The stored value, at most a second old.</param>
/// <param name="Runway">How long it lasts.</param>
public sealed record RunningOut(long AccountId, long? KeyId, string Name, string Owner, TokenQuota Quota, Runway Runway);

/// <summary>When the quotas that apply to a key run out, at the average rate of the last seven days; null for those that don't.</summary>
/// <param name="Key">The key's own quota.</param>
/// <param name="Account">The overall quota of its account.</param>
public sealed record KeyRunway(Runway? Key, Runway? Account);

/// <summary>Forecasts which quotas run out. Owners can query their own account and keys, administrators all of them.</summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> if the actor's session has ended or the account is disabled.</remarks>
public sealed class UsageForecast(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <summary>Quotas that last longer are not considered to be running out.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(30);

    /// <summary>The active keys and accounts that run out within <see cref="Horizon"/>, soonest first.</summary>
    public async Task<IReadOnlyList<RunningOut>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var subject = new UsageSubject(acting.IsAdministrator ? null : acting.Id);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        using var reader = db.OpenUsageReader();
        var used = subject.Keys(reader, WindowStart(now), WindowEnd(now));
        return
        [
            .. (await KeysAsync(db, used, now, cancellation)).Concat(await AccountsAsync(db, used, now, cancellation))
                .Where(r => r.Quota.Remaining > 0 && r.Runway.RunsOutAt <= now + Horizon).OrderBy(r => r.Runway.RunsOutAt),
        ];
    }

    /// <summary>How long one live key lasts; null if the actor can see no such key.</summary>
    public async Task<KeyRunway?> OfKeyAsync(Actor actor, long keyId, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        var found = await (
            from key in db.Set<ApiKey>().AsNoTracking()
            join account in db.Users on key.OwnerId equals account.Id
            where key.Id == keyId && key.DeletedAt == null && (key.OwnerId == acting.Id || acting.IsAdministrator)
            select new { Key = key, account.TokenLimit, account.UsedTokens, account.CreatedAt }).SingleOrDefaultAsync(cancellation);
        if (found is null)
        {
            return null;
        }

        var week = new Timeline([WindowStart(now)], WindowEnd(now));
        var ofKey = UsageSubject.OfKeys(db, week, [(found.Key.OwnerId, keyId)])[0][0].ChargedTokens;
        using var reader = db.OpenUsageReader();
        var ofAccount = new UsageSubject(found.Key.OwnerId).Models(reader, week).Totals[0].ChargedTokens;
        return new KeyRunway(
            Of(found.Key.Quota, ofKey, found.Key.CreatedAt, now),
            Of(new TokenQuota(found.TokenLimit, found.UsedTokens), ofAccount, found.CreatedAt, now));
    }

    private static async Task<IEnumerable<RunningOut>> KeysAsync(
        NexLlmDbContext db, Dictionary<(long AccountId, long KeyId), UsageSums> used, DateTimeOffset now, CancellationToken cancellation)
    {
        var tokens = used.ToDictionary(u => u.Key.KeyId, u => u.Value.ChargedTokens);
        var ids = tokens.Keys.ToList();
        var keys = await (
            from key in db.Set<ApiKey>().Where(KeyFilters.For(KeyFilter.Active, now))
            join owner in db.Users on key.OwnerId equals owner.Id
            where EF.Parameter(ids).Contains(key.Id) && key.DeletedAt == null && key.TokenLimit != null && owner.DisabledAt == null
            select new { key.Id, key.OwnerId, key.Name, owner.Email, key.TokenLimit, key.UsedTokens, key.CreatedAt, key.ExpiresAt }).ToListAsync(cancellation);
        return from key in keys
               let quota = new TokenQuota(key.TokenLimit, key.UsedTokens)
               let runway = Of(quota, tokens[key.Id], key.CreatedAt, now)
               // A key that expires first won't use the rest.
               where runway is not null && !(key.ExpiresAt <= runway.Value.RunsOutAt)
               select new RunningOut(key.OwnerId, key.Id, key.Name, key.Email!, quota, runway.Value);
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
               select new RunningOut(account.Id, null, account.Email!, account.Email!, quota, runway.Value);
    }

    private static Runway? Of(TokenQuota quota, long used, DateTimeOffset since, DateTimeOffset now)
    {
        var start = WindowStart(now);
        return Runway.Of(quota, used, now - (since > start ? since : start), now);
    }

    /// <summary>Rounded to the whole hours of the roll-up.</summary>
    private static DateTimeOffset WindowStart(DateTimeOffset now) => HourOf(now - Runway.Window);

    private static DateTimeOffset WindowEnd(DateTimeOffset now) => HourOf(now).AddHours(1);

    private static DateTimeOffset HourOf(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(UsagePeriod.Hour.StartOf(at.ToUnixTimeMilliseconds()));
}
