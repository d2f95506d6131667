using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>How the overall quota of an account is changed.</summary>
public abstract record AccountQuotaChange
{
    private AccountQuotaChange()
    {
    }

    /// <summary>limit += tokens; above 0. Refused for an unlimited account.</summary>
    public sealed record Add(long Tokens) : AccountQuotaChange;

    /// <summary>limit = tokens; 0 or more. Below what is used, the account is exhausted at once.</summary>
    public sealed record SetLimit(long Tokens) : AccountQuotaChange;

    public sealed record Unlimited : AccountQuotaChange;

    /// <summary>
    /// What whoever decides this believes the limit to be: if it is another one meanwhile, nothing is changed. Null decides whatever
    /// it is. Adding needs no such care, since both of two additions count.
    /// </summary>
    public SeenLimit? Instead { get; init; }
}

/// <summary>A limit that a person saw, in charged tokens; null is unlimited.</summary>
public readonly record struct SeenLimit(long? Tokens);

/// <summary>What came of changing an overall quota.</summary>
public abstract record QuotaOutcome
{
    /// <param name="Email">As the account spells it.</param>
    /// <param name="TokenLimit">The overall quota now; null is unlimited.</param>
    /// <param name="UsedTokens">What of it is used.</param>
    public sealed record Changed(string Email, long? TokenLimit, long UsedTokens) : QuotaOutcome;

    /// <summary>There is no limit to add to.</summary>
    public sealed record AlreadyUnlimited(string Email) : QuotaOutcome;

    public sealed record UnknownAccount : QuotaOutcome;

    /// <summary>Somebody else changed the limit meanwhile: nothing was changed.</summary>
    /// <param name="TokenLimit">The overall quota now; null is unlimited.</param>
    public sealed record Conflict(long? TokenLimit) : QuotaOutcome;

    /// <param name="Most">The most that could be added or set.</param>
    public sealed record OutOfRange(long Most) : QuotaOutcome;
}

/// <summary>Overall quotas, as administrators and the machine's operator change them.</summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> to anybody else.</remarks>
public sealed class AccountQuotas(IDbContextFactory<NexLlmDbContext> contexts, AccountChanges changes, TimeProvider clock)
{
    /// <summary>Adds to the overall quota of the account with this e-mail address.</summary>
    /// <param name="tokens">How many charged tokens more; above 0.</param>
    public Task<QuotaOutcome> GrantAsync(Actor actor, string email, long tokens, CancellationToken cancellation = default)
    {
        var key = EmailAddress.Key(email);
        return ChangeAsync(actor, a => a.NormalizedEmail == key, new AccountQuotaChange.Add(tokens), cancellation);
    }

    public Task<QuotaOutcome> ChangeAsync(Actor actor, long accountId, AccountQuotaChange change, CancellationToken cancellation = default) =>
        ChangeAsync(actor, a => a.Id == accountId, change, cancellation);

    private async Task<QuotaOutcome> ChangeAsync(
        Actor actor, Expression<Func<Account, bool>> which, AccountQuotaChange change, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        if (!actor.IsMachine)
        {
            await db.RequireAdministratorAsync(actor, now, cancellation);
        }

        if (await db.Users.SingleOrDefaultAsync(which, cancellation) is not { } account)
        {
            return new QuotaOutcome.UnknownAccount();
        }

        if (Refuse(account, change) is { } refused)
        {
            return refused;
        }

        var before = account.TokenLimit;
        account.TokenLimit = change switch
        {
            AccountQuotaChange.Add(var tokens) => before + tokens,
            AccountQuotaChange.SetLimit(var tokens) => tokens,
            _ => null,
        };
        if (account.TokenLimit != before)
        {
            AuditTrail.Record(
                db, actor, now, change is AccountQuotaChange.Add ? AuditActions.AccountQuotaGranted : AuditActions.AccountQuotaSet, account.Id, null,
                new AuditChange("tokenLimit", before, account.TokenLimit));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            changes.Publish(account.Id);
        }

        return new QuotaOutcome.Changed(account.Email!, account.TokenLimit, account.UsedTokens);
    }

    private static QuotaOutcome? Refuse(Account account, AccountQuotaChange change) => (change, account.TokenLimit) switch
    {
        (AccountQuotaChange.Add, null) => new QuotaOutcome.AlreadyUnlimited(account.Email!),
        (AccountQuotaChange.Add(var tokens), { } limit) when tokens <= 0 || limit > long.MaxValue - tokens =>
            new QuotaOutcome.OutOfRange(long.MaxValue - limit),
        (AccountQuotaChange.SetLimit(< 0), _) => new QuotaOutcome.OutOfRange(long.MaxValue),
        ({ Instead: { } seen }, var limit) when seen.Tokens != limit => new QuotaOutcome.Conflict(limit),
        _ => null,
    };
}
