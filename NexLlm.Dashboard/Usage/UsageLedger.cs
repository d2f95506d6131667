using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// Reserves and settles every request's charge. It decides in memory, for the key and its account in one step. The database follows
/// within milliseconds, and no response is sent before it has.
/// </summary>
public sealed class UsageLedger
{
    /// <summary>Represents unlimited; half of <see cref="long.MaxValue"/>, so sums cannot overflow.</summary>
    private const long Unlimited = long.MaxValue / 2;

    private readonly LedgerWriter _writer;
    private readonly AccountDirectory _accounts;
    private readonly TimeProvider _clock;

    internal UsageLedger(LedgerWriter writer, AccountDirectory accounts, TimeProvider clock)
    {
        _writer = writer;
        _accounts = accounts;
        _clock = clock;
    }

    /// <summary>False while writes fail and every request is rejected.</summary>
    public bool CanRecord => !_writer.IsFailing;

    /// <summary>Reserves the maximum charge of the request, if key and account have enough quota left.</summary>
    /// <param name="ticket">Null unless the verdict is <see cref="Verdict.Allowed"/>.</param>
    public Verdict TryReserve(LiveKey key, in ReservationRequest request, out ChargeTicket? ticket)
    {
        ticket = null;
        if (_writer.IsFailing)
        {
            return Verdict.StorageUnavailable;
        }

        var reserved = Price.Of(request.PromptBound, request.OutputBound, request.RatioMillionths);
        bool limited;
        lock (key.Account.Gate)
        {
            var quota = Bounds(key, out limited);
            if (AccessPolicy.Evaluate(new QuotaFacts(quota, reserved)) is { IsAllowed: false } blocked)
            {
                return blocked.Verdict;
            }

            key.Spending.Reserved += reserved;
            key.Account.Spending.Reserved += reserved;
        }

        ticket = new ChargeTicket(_writer.Queue, key, request, reserved, limited, _clock.GetTimestamp());
        _writer.Queue.Add(ticket);
        Failpoint.Hit("after_reserve");
        return Verdict.Allowed;
    }

    /// <summary>
    /// The maximum raw tokens, prompt and output together, that a request at this ratio could reserve if it were the only one;
    /// null if nothing limits it.
    /// </summary>
    public long? RoomFor(LiveKey key, long ratioMillionths)
    {
        lock (key.Account.Gate)
        {
            var quota = Bounds(key, out var limited);
            return limited
                ? Price.Affordable(Math.Min(quota.Key.Remaining!.Value, quota.Account.Remaining!.Value), ratioMillionths)
                : null;
        }
    }

    /// <summary>The current limits, usage and reservations of key and account.</summary>
    public QuotaSnapshot QuotaOf(LiveKey key)
    {
        var account = key.Account;
        lock (account.Gate)
        {
            return new QuotaSnapshot(
                new TokenQuota(key.Snapshot.Policy.TokenLimit, key.Spending.Used, key.Spending.Reserved),
                new TokenQuota(account.State.TokenLimit, account.Spending.Used, account.Spending.Reserved));
        }
    }

    /// <summary>
    /// Completes immediately if storage was just written to and has free space, otherwise when this ticket is durable. Awaiting
    /// it before calling the provider keeps a broken or full disk from costing money.
    /// </summary>
    /// <exception cref="StorageUnavailableException">It can't be written.</exception>
    public ValueTask ReadyAsync(ChargeTicket ticket) =>
        _writer.HasJustWritten ? ValueTask.CompletedTask : ticket.DurableAsync();

    /// <summary>
    /// Adds settled charges of new keys in the caller's transaction, with their roll-up and the account's counter. The caller
    /// updates the keys' own counters.
    /// </summary>
    internal async Task ImportAsync(NexLlmDbContext db, long accountId, IReadOnlyList<Charge> charges, CancellationToken cancellation)
    {
        var id = _writer.Queue.TakeIds(charges.Count);
        foreach (var charge in charges)
        {
            charge.Id = id++;
        }

        db.AddRange(charges);
        await db.SaveChangesAsync(cancellation);
        RollUpImported(db, charges);
        var used = charges.Sum(c => c.ChargedTokens);
        await db.Users.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedTokens, a => a.UsedTokens + used), cancellation);
        if (_accounts.FindLoaded(accountId) is { } account)
        {
            lock (account.Gate)
            {
                account.Spending.Used += used;
            }
        }
    }

    private static void RollUpImported(NexLlmDbContext db, IReadOnlyList<Charge> charges)
    {
        var rollUp = new UsageRollUp();
        foreach (var charge in charges)
        {
            rollUp.Add(charge.ToRow());
        }

        using var store = db.OpenRollUp();
        rollUp.WriteTo(store);
    }

    private static QuotaSnapshot Bounds(LiveKey key, out bool limited)
    {
        var account = key.Account;
        var keyLimit = key.Snapshot.Policy.TokenLimit;
        var accountLimit = account.State.TokenLimit;
        limited = (keyLimit ?? accountLimit) is not null;
        return new QuotaSnapshot(
            new TokenQuota(keyLimit ?? Unlimited, key.Spending.Used, key.Spending.Reserved),
            new TokenQuota(accountLimit ?? Unlimited, account.Spending.Used, account.Spending.Reserved));
    }
}
