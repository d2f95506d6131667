using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>What came of a log-in by a provider.</summary>
public abstract record SingleSignOnOutcome
{
    /// <param name="Login">The session that began.</param>
    /// <param name="IsNew">Whether the account was made just now.</param>
    public sealed record LoggedIn(NewLogin Login, bool IsNew) : SingleSignOnOutcome;

    public sealed record Refused(SingleSignOnFailure Failure) : SingleSignOnOutcome;
}

/// <summary>
/// Lets people in whom a provider has identified. Whose account it is, is decided by the provider's own name for the person; an email
/// address leads to an account only the first time, and only if the provider and this program both know that it is the person's.
/// </summary>
public sealed class SingleSignOnService(
    IdentityManagers managers, IOptions<SingleSignOnOptions> settings, IOptions<AccountsOptions> accounts, AddressLimiter addresses,
    LoginSessions sessions, IdTokens tokens, LiveConnections connections, AccountChanges changes, TimeProvider clock, ILogger<SingleSignOnService> logger)
{
    /// <param name="actor">Whom the browser is logged in as so far; a visitor if nobody.</param>
    /// <param name="person">Who the provider says it is.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    public async Task<SingleSignOnOutcome> LogInAsync(
        Actor actor, ProviderIdentity person, string? userAgent, CancellationToken cancellation = default)
    {
        if (addresses.Take(AddressAllowance.SingleSignOn, actor.Address) is not null)
        {
            return Refused(SingleSignOnFailure.TooMany);
        }

        if (settings.Value.Find(person.Provider) is not { } provider)
        {
            return Refused(SingleSignOnFailure.Failed);
        }

        if (provider.AllowedEmailDomains is not [] && WrongAddress(provider, person) is { } wrong)
        {
            return Refused(wrong);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var visitor = Actor.Visitor(actor.Address);
        var known = await identity.Users.FindByLoginAsync(provider.Name, person.Subject);
        var (account, isNew, refusal) = known is null ? await AdmitAsync(identity, visitor, provider, person, now, cancellation) : new(known);
        if (account is null)
        {
            return Refused(refusal);
        }

        if (!await identity.SignIn.CanSignInAsync(account))
        {
            return Refused(SingleSignOnFailure.Disabled);
        }

        var isRoleChanged = await FollowRoleAsync(identity, visitor, provider, person, account, now, cancellation);
        var login = sessions.Begin(db, account, visitor, userAgent, now, LogInMethod.SingleSignOn, tokens.Session(person));
        var replaced = await LoginSessions.EndReplacedAsync(db, actor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(replaced);
        if (isRoleChanged)
        {
            changes.Publish(account.Id);
        }

        return new SingleSignOnOutcome.LoggedIn(login, isNew);
    }

    /// <summary>Why the address is not good enough to decide anything; null if it is.</summary>
    internal static SingleSignOnFailure? WrongAddress(SingleSignOnProvider provider, ProviderIdentity person) =>
        EmailAddress.Parse(person.Email, out _) is not { } email ? SingleSignOnFailure.NoEmail
        : !provider.Allows(email) ? SingleSignOnFailure.Domain
        : !person.IsEmailVerified ? SingleSignOnFailure.Unverified
        : null;

    /// <summary>The account of somebody who comes from this provider for the first time: theirs so far, or a new one.</summary>
    private async Task<Admission> AdmitAsync(
        IdentityWork identity, Actor visitor, SingleSignOnProvider provider, ProviderIdentity person, DateTimeOffset now, CancellationToken cancellation)
    {
        var db = identity.Db;
        var email = EmailAddress.Parse(person.Email, out _);
        var existing = email is null ? null : await identity.Users.FindByEmailAsync(email);
        var wrong = WrongAddress(provider, person);
        if (existing is not null)
        {
            // Anybody may have signed up with somebody else's address and waited here for its owner.
            var isTheirs = wrong is null && existing.EmailConfirmed;
            var isConnected = isTheirs && (await identity.Users.GetLoginsAsync(existing)).Any(l => l.LoginProvider == provider.Name);
            if (!isTheirs || isConnected)
            {
                return new(Refusal: isConnected ? SingleSignOnFailure.Connected : SingleSignOnFailure.AccountExists);
            }

            await ConnectAsync(identity, visitor, provider, person, existing, now);
            return new(existing);
        }

        if (wrong is { } refusal)
        {
            return new(Refusal: refusal);
        }

        var key = EmailAddress.Key(email);
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.NormalizedEmail == key && i.ExpiresAt > now, cancellation);
        if (invitation is null && !provider.CreateAccounts)
        {
            return new(Refusal: SingleSignOnFailure.NoAccount);
        }

        var quota = invitation is not null ? invitation.TokenLimit : provider.StartingTokens ?? accounts.Value.SignUpTokens;
        var account = new Account { UserName = email, Email = email, EmailConfirmed = true, CreatedAt = now, TokenLimit = quota };
        await identity.Users.CreateAsync(account).RequireSuccessAsync();
        await identity.Users.AddLoginAsync(account, Login(provider, person)).RequireSuccessAsync();
        if (invitation is not null)
        {
            db.Remove(invitation);
        }

        AuditTrail.Record(
            db, visitor, now, AuditActions.AccountCreated, account.Id, null,
            new AuditChange("email", null, email), new AuditChange("tokenLimit", "none", quota), new AuditChange("provider", null, provider.Name));
        return new(account, IsNew: true);
    }

    internal static async Task ConnectAsync(
        IdentityWork identity, Actor actor, SingleSignOnProvider provider, ProviderIdentity person, Account account, DateTimeOffset now)
    {
        await identity.Users.AddLoginAsync(account, Login(provider, person)).RequireSuccessAsync();
        AuditTrail.Record(
            identity.Db, actor, now, AuditActions.AccountProviderConnected, account.Id, null, new AuditChange("provider", null, provider.Name));
    }

    /// <summary>Gives or takes the administrator's role as the provider says, but never from the last active administrator.</summary>
    /// <returns>Whether it changed.</returns>
    private async Task<bool> FollowRoleAsync(
        IdentityWork identity, Actor visitor, SingleSignOnProvider provider, ProviderIdentity person, Account account, DateTimeOffset now, CancellationToken cancellation)
    {
        if (provider.Administrator is null || await identity.Users.IsInRoleAsync(account, Roles.Administrator) == person.IsAdministrator)
        {
            return false;
        }

        if (!person.IsAdministrator && await identity.Db.IsLastAdministratorAsync(account.Id, cancellation))
        {
            logger.LogWarning(
                "{Provider} no longer makes account {AccountId} an administrator, but it is the last one and stays it. Make another administrator first",
                provider.Name, account.Id);
            return false;
        }

        if (person.IsAdministrator)
        {
            await AccountCreation.GiveRoleAsync(identity, account, Roles.Administrator);
        }
        else
        {
            await identity.Users.RemoveFromRoleAsync(account, Roles.Administrator).RequireSuccessAsync();
        }

        AuditTrail.Record(
            identity.Db, visitor, now, person.IsAdministrator ? AuditActions.AccountMadeAdministrator : AuditActions.AccountAdministratorTaken, account.Id,
            null, new AuditChange("provider", null, provider.Name));
        return true;
    }

    private static UserLoginInfo Login(SingleSignOnProvider provider, ProviderIdentity person) => new(provider.Name, person.Subject, provider.Title);

    private static SingleSignOnOutcome.Refused Refused(SingleSignOnFailure failure) => new(failure);

    /// <param name="Account">Null if nobody is let in, because of the refusal.</param>
    private readonly record struct Admission(Account? Account = null, bool IsNew = false, SingleSignOnFailure Refusal = default);
}
