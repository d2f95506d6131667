using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// Validates a create or an edit against the database, inside its transaction, and collects all errors. Values were validated
/// when parsed, but pages can't be trusted, so they are validated again here.
/// </summary>
internal sealed class KeyCheck(NexLlmDbContext db, long ownerId, DateTimeOffset now)
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public async Task<string> NameAsync(string typed, long? except, CancellationToken cancellation)
    {
        if (!KeyName.TryParse(typed, out var name, out var error))
        {
            _errors.Add(new(KeyOption.Name, error));
        }
        else if (await IsTakenAsync(db, ownerId, name, except, cancellation))
        {
            _errors.Add(FieldError.NameTaken(name));
        }

        return name;
    }

    public void Expiration(Expiration expiration)
    {
        if (expiration.IsOver(now))
        {
            _errors.Add(new(KeyOption.Expiration, Policy.Expiration.IsPast));
        }
    }

    public void Limit(long? limit) => InRange(limit);

    /// <summary>The limit after a change; null if unlimited.</summary>
    public long? Limit(QuotaChange? change, TokenQuota quota)
    {
        switch (change)
        {
            case null:
                return quota.Limit;
            case QuotaChange.Unlimited:
                return null;
            case QuotaChange.SetLimit(var tokens):
                return InRange(tokens);
            case QuotaChange.SetRemaining(var tokens):
                return InRange(tokens) is { } remaining ? InRange(quota.Used + remaining) : null;
            case QuotaChange.Add when quota.Limit is null:
                _errors.Add(new(KeyOption.RemainingQuota, "This key is unlimited. Set a remaining quota instead."));
                return null;
            case QuotaChange.Add(var tokens):
                return InRange(tokens) is { } more ? InRange(quota.Limit.Value + more) : null;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }
    }

    /// <summary>The policy's group, if it can be chosen and serves every model added to the policy.</summary>
    public async Task<ChannelGroup?> GroupAsync(KeyPolicy policy, KeyPolicy? before, CancellationToken cancellation)
    {
        var group = await db.Set<ChannelGroup>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == policy.GroupId, cancellation);
        if (group is null || (!group.IsEnabled && before?.GroupId != group.Id))
        {
            _errors.Add(new(KeyOption.Group, "This group is no longer available. Choose another one."));
            return null;
        }

        // A model already in the restriction may no longer be served, since restrictions are never edited automatically.
        var named = policy.Models.Models.Except(before?.Models.Models ?? [], StringComparer.Ordinal).ToList();
        if (named is not [])
        {
            var served = await db.ModelsOf(group.Id).Where(m => named.Contains(m)).ToListAsync(cancellation);
            var missing = named.Except(served, StringComparer.Ordinal).ToList();
            if (missing is not [])
            {
                _errors.Add(FieldError.NotServed(group.Name, missing));
            }
        }

        return group;
    }

    public async Task RoomAsync(int most, CancellationToken cancellation)
    {
        if (await db.Live(ownerId).CountAsync(cancellation) >= most)
        {
            _errors.Add(new(null, string.Create(
                CultureInfo.InvariantCulture, $"Your account is at its limit of {most:N0} keys. Delete a key you no longer need.")));
        }
    }

    /// <summary>Returns the name or, if a live key has taken it, the name with the suffix " (restored)", numbered from the second on.</summary>
    public static async Task<string> FreeNameAsync(NexLlmDbContext db, long ownerId, string name, CancellationToken cancellation)
    {
        var free = name;
        for (var attempt = 1; await IsTakenAsync(db, ownerId, free, except: null, cancellation); attempt++)
        {
            var suffix = attempt == 1 ? " (restored)" : string.Create(CultureInfo.InvariantCulture, $" (restored {attempt})");
            free = name[..Math.Min(name.Length, KeyName.MaxLength - suffix.Length)].TrimEnd() + suffix;
        }

        return free;
    }

    public static Task<bool> IsTakenAsync(NexLlmDbContext db, long ownerId, string name, long? except, CancellationToken cancellation)
    {
        var normalized = KeyName.Normalize(name);
        return db.Live(ownerId).AnyAsync(k => k.NormalizedName == normalized && k.Id != except, cancellation);
    }

    private long? InRange(long? tokens)
    {
        if (tokens is null or (>= 1 and <= TokenQuota.MaxTokens))
        {
            return tokens;
        }

        _errors.Add(new(KeyOption.RemainingQuota, string.Create(
            CultureInfo.InvariantCulture, $"Enter a quota from 1 to {TokenQuota.MaxTokens:N0} tokens.")));
        return null;
    }
}
