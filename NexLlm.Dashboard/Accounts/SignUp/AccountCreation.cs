using Microsoft.AspNetCore.Identity;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.SignUp;

/// <summary>What a new account is made from, as it was typed.</summary>
/// <param name="Email">The log-in name.</param>
/// <param name="Password">In plain; it is hashed and forgotten.</param>
/// <param name="UserAgent">What the browser, which is logged in at once, calls itself.</param>
public sealed record NewAccount(string? Email, string? Password, string? UserAgent = null);

/// <summary>What came of making an account.</summary>
public abstract record NewAccountOutcome
{
    /// <summary>It is made and, from a browser, logged in.</summary>
    public sealed record Created(long AccountId, NewLogin? Login) : NewAccountOutcome;

    /// <summary>What has to be entered differently; null where the entry is fine.</summary>
    public sealed record Invalid(string? EmailError, string? PasswordError) : NewAccountOutcome;

    /// <summary>The operator closed sign-up.</summary>
    public sealed record Closed : NewAccountOutcome;

    /// <summary>Too many from this address.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : NewAccountOutcome;

    /// <summary>The set-up link is wrong, old or used.</summary>
    public sealed record LinkRefused : NewAccountOutcome;
}

/// <summary>Makes accounts, for sign-up and set-up, which decide who may.</summary>
public sealed class AccountCreation(
    IdentityManagers managers, BreachedPasswords breached, LoginSessions sessions, LiveConnections connections, TimeProvider clock)
{
    /// <summary>What is wrong with the entries; null if nothing is.</summary>
    public NewAccountOutcome.Invalid? Check(NewAccount request)
    {
        var email = EmailAddress.Parse(request.Email, out var emailError);
        var passwordError = breached.Check(request.Password, email);
        return email is not null && passwordError is null
            ? null
            : new NewAccountOutcome.Invalid(email is null ? emailError : null, passwordError);
    }

    /// <summary>Makes the account and its first login in one transaction. The entries have been checked.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">What was typed.</param>
    /// <param name="tokenLimit">The overall quota it starts with; null is unlimited.</param>
    /// <param name="role">The role it gets; null is none.</param>
    /// <param name="emailConfirmed">Whether somebody who knows the person named the address.</param>
    /// <param name="refuse">Asked inside the transaction: an outcome refuses, null goes on.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    internal async Task<NewAccountOutcome> CreateAsync(
        Actor actor, NewAccount request, long? tokenLimit, string? role, bool emailConfirmed,
        Func<NexLlmDbContext, CancellationToken, Task<NewAccountOutcome?>> refuse, CancellationToken cancellation)
    {
        await using var identity = managers.Begin();
        await identity.Passwords.HashAsync(request.Password!, HashingLane.Of(actor), cancellation);
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await refuse(db, cancellation) is { } refused)
        {
            return refused;
        }

        var now = clock.GetUtcNow();
        var email = EmailAddress.Parse(request.Email, out _)!;
        var account = new Account { UserName = email, Email = email, EmailConfirmed = emailConfirmed, CreatedAt = now, TokenLimit = tokenLimit };
        if (!(await identity.Users.CreateAsync(account, request.Password!)).Succeeded)
        {
            return new NewAccountOutcome.Invalid("An account with this email already exists. Log in instead.", null);
        }

        if (role is not null)
        {
            await GiveRoleAsync(identity, account, role);
        }

        AuditTrail.Record(
            db, actor, now, AuditActions.AccountCreated, account.Id, null,
            new AuditChange("email", null, email), new AuditChange("tokenLimit", "none", tokenLimit), new AuditChange("role", null, role));
        var login = actor.IsMachine ? null : sessions.Begin(db, account, actor, request.UserAgent, now);
        var replaced = await LoginSessions.EndReplacedAsync(db, actor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(replaced);
        return new NewAccountOutcome.Created(account.Id, login);
    }

    internal static async Task GiveRoleAsync(IdentityWork identity, Account account, string role)
    {
        if (!await identity.Roles.RoleExistsAsync(role))
        {
            await identity.Roles.CreateAsync(new IdentityRole<long>(role)).RequireSuccessAsync();
        }

        await identity.Users.AddToRoleAsync(account, role).RequireSuccessAsync();
    }
}
