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

/// <summary>The result of a login with a provider.</summary>
public abstract record SingleSignOnOutcome
{
    /// <param name="Login">The new session.</param>
    /// <param name="IsNew">Whether the account was just created.</param>
    public sealed record LoggedIn(NewLogin Login, bool IsNew) : SingleSignOnOutcome;

    public sealed record Refused(SingleSignOnFailure Failure) : SingleSignOnOutcome;
}

/// <summary>
/// Logs people in with an identity confirmed by a provider. The account is determined by the provider's ID for the person. The email leads
/// to an existing account only at the first login, and only if both the provider and this application know that it belongs to the person.
/// </summary>
public sealed class SingleSignOnService(
    IdentityManagers managers, IOptions<SingleSignOnOptions> settings, IOptions<AccountsOptions> accounts, AddressLimiter addresses,
    LoginSessions sessions, IdTokens tokens, LiveConnections connections, AccountChanges changes, TimeProvider clock, ILogger<SingleSignOnService> logger)
{
    /// <param name="actor">The browser's current session, or a visitor.</param>
    /// <param name="person">The identity confirmed by the provider.</param>
    /// <param name="userAgent">The browser's <c>User-Agent</c> header.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
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

    /// <summary>Why the email can't be trusted for any decision; null if it can.</summary>
    internal static SingleSignOnFailure? WrongAddress(SingleSignOnProvider provider, ProviderIdentity person) =>
        EmailAddress.Parse(person.Email, out _) is not { } email ? SingleSignOnFailure.NoEmail
        : !provider.Allows(email) ? SingleSignOnFailure.Domain
        : !person.IsEmailVerified ? SingleSignOnFailure.Unverified
        : null;

    /// <summary>The account at a person's first login with this provider: an existing one of theirs, or a new one.</summary>
    private async Task<Admission> AdmitAsync(
        IdentityScope identity, Actor visitor, SingleSignOnProvider provider, ProviderIdentity person, DateTimeOffset now, CancellationToken cancellation)
    {
        var db = identity.Db;
        var email = EmailAddress.Parse(person.Email, out _);
        var existing = email is null ? null : await identity.Users.FindByEmailAsync(email);
        var wrong = WrongAddress(provider, person);
        if (existing is not null)
        {
            // Someone may have signed up with another person's email in advance, to take over that person's first login.
            var isTheirs = wrong is null && existing.EmailConfirmed;
            var isConnected = isTheirs && (await identity.Users.GetLoginsAsync(existing)).Any(l => l.LoginProvider == provider.Name);
            if (!isTheirs || isConnected)
            {
                return new(Rejection: isConnected ? SingleSignOnFailure.Connected : SingleSignOnFailure.AccountExists);
            }

            await ConnectAsync(identity, visitor, provider, person, existing, now);
            return new(existing);
        }

        if (wrong is { } refusal)
        {
            return new(Rejection: refusal);
        }

        var key = EmailAddress.Key(email);
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.NormalizedEmail == key && i.ExpiresAt > now, cancellation);
        if (invitation is null && !provider.CreateAccounts)
        {
            return new(Rejection: SingleSignOnFailure.NoAccount);
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
        IdentityScope identity, Actor actor, SingleSignOnProvider provider, ProviderIdentity person, Account account, DateTimeOffset now)
    {
        await identity.Users.AddLoginAsync(account, Login(provider, person)).RequireSuccessAsync();
        AuditTrail.Record(
            identity.Db, actor, now, AuditActions.AccountProviderConnected, account.Id, null, new AuditChange("provider", null, provider.Name));
    }

    /// <summary>Grants or revokes the administrator role as the provider says, but never revokes it from the last active administrator.</summary>
    /// <returns>Whether the role changed.</returns>
    private async Task<bool> FollowRoleAsync(
        IdentityScope identity, Actor visitor, SingleSignOnProvider provider, ProviderIdentity person, Account account, DateTimeOffset now, CancellationToken cancellation)
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

    /// <param name="Account">Null if the login was rejected with <paramref name="Rejection"/>.</param>
    private readonly record struct Admission(Account? Account = null, bool IsNew = false, SingleSignOnFailure Rejection = default);
}
