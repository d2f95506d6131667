using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>A change of an account's overall quota.</summary>
public abstract record AccountQuotaChange
{
    private AccountQuotaChange()
    {
    }

    /// <summary>Increases the limit by a number of tokens above 0. Rejected for an account without a limit.</summary>
    public sealed record Add(long Tokens) : AccountQuotaChange;

    /// <summary>Sets the limit to 0 or more. A limit below the used tokens exhausts the account immediately.</summary>
    public sealed record SetLimit(long Tokens) : AccountQuotaChange;

    public sealed record Unlimited : AccountQuotaChange;

    /// <summary>
    /// The limit the decision was based on: if the current limit differs, nothing is changed. Null applies the change in any case.
    /// Additions don't need it, because concurrent additions both count.
    /// </summary>
    public SeenLimit? Instead { get; init; }
}

/// <summary>A limit shown to a person, in charged tokens; null means unlimited.</summary>
public readonly record struct SeenLimit(long? Tokens);

/// <summary>The result of changing an overall quota.</summary>
public abstract record QuotaOutcome
{
    /// <param name="Email">The email address as stored on the account.</param>
    /// <param name="TokenLimit">The new overall quota; null means unlimited.</param>
    /// <param name="UsedTokens">The used part of the quota.</param>
    public sealed record Changed(string Email, long? TokenLimit, long UsedTokens) : QuotaOutcome;

    /// <summary>The account has no limit to add to.</summary>
    public sealed record AlreadyUnlimited(string Email) : QuotaOutcome;

    public sealed record UnknownAccount : QuotaOutcome;

    /// <summary>Someone else changed the limit first; nothing was changed.</summary>
    /// <param name="TokenLimit">The current overall quota; null means unlimited.</param>
    public sealed record Conflict(long? TokenLimit) : QuotaOutcome;

    /// <param name="Most">The maximum that can be added or set.</param>
    public sealed record OutOfRange(long Most) : QuotaOutcome;
}

/// <summary>Changes overall quotas on behalf of administrators and the server's operator.</summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> for anyone else.</remarks>
public sealed class AccountQuotas(IDbContextFactory<NexLlmDbContext> contexts, AccountChanges changes, TimeProvider clock)
{
    /// <summary>Adds to the overall quota of the account with this email.</summary>
    /// <param name="tokens">The charged tokens to add; above 0.</param>
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
