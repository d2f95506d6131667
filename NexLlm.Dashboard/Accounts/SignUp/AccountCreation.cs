using Microsoft.AspNetCore.Identity;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.SignUp;

/// <summary>The input for creating an account, as entered.</summary>
/// <param name="Email">The email address.</param>
/// <param name="Password">Plain text; hashed and never stored.</param>
/// <param name="UserAgent">The <c>User-Agent</c> header of the browser that is logged in to the new account.</param>
public sealed record NewAccount(string? Email, string? Password, string? UserAgent = null);

/// <summary>The result of creating an account.</summary>
public abstract record NewAccountOutcome
{
    /// <summary>The account was created and, from a browser, logged in.</summary>
    public sealed record Created(long AccountId, NewLogin? Login) : NewAccountOutcome;

    /// <summary>What is wrong with each entry; null for a valid one.</summary>
    public sealed record Invalid(string? EmailError, string? PasswordError) : NewAccountOutcome;

    /// <summary>Sign-up is closed.</summary>
    public sealed record Closed : NewAccountOutcome;

    /// <summary>Too many accounts were created from this address.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : NewAccountOutcome;

    /// <summary>The setup link is invalid, expired or used.</summary>
    public sealed record LinkRefused : NewAccountOutcome;
}

/// <summary>Creates accounts for sign-up, setup and invitations, which decide who may have one.</summary>
public sealed class AccountCreation(
    IdentityManagers managers, BreachedPasswords breached, LoginSessions sessions, LiveConnections connections, TimeProvider clock)
{
    /// <summary>Validates the entries; null if they are valid.</summary>
    public NewAccountOutcome.Invalid? Check(NewAccount request)
    {
        var email = EmailAddress.Parse(request.Email, out var emailError);
        var passwordError = breached.Check(request.Password, email);
        return email is not null && passwordError is null
            ? null
            : new NewAccountOutcome.Invalid(email is null ? emailError : null, passwordError);
    }

    /// <summary>Creates the account and its first session in one transaction. The entries must have been validated.</summary>
    /// <param name="actor">The visitor, or the configuration.</param>
    /// <param name="request">The input, as entered.</param>
    /// <param name="tokenLimit">The initial overall quota; null means unlimited.</param>
    /// <param name="role">The role of the account; null for none.</param>
    /// <param name="emailConfirmed">Whether the email was provided by someone who knows the person.</param>
    /// <param name="refuse">Called inside the transaction; a result other than null rejects the creation.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
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

    internal static async Task GiveRoleAsync(IdentityScope identity, Account account, string role)
    {
        if (!await identity.Roles.RoleExistsAsync(role))
        {
            await identity.Roles.CreateAsync(new IdentityRole<long>(role)).RequireSuccessAsync();
        }

        await identity.Users.AddToRoleAsync(account, role).RequireSuccessAsync();
    }
}
