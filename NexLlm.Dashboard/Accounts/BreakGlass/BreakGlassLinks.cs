using System.Globalization;
using System.Security.Cryptography;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.BreakGlass;

/// <summary>The result of requesting a break-glass link.</summary>
public abstract record BreakGlassOutcome
{
    /// <param name="Email">The email address as stored on the account.</param>
    /// <param name="Token">The secret part of the link.</param>
    /// <param name="Until">The expiry time.</param>
    /// <param name="IsNew">Whether the account was created for the link.</param>
    /// <param name="IsPromoted">Whether the account was made an administrator for the link.</param>
    public sealed record Issued(string Email, string Token, DateTimeOffset Until, bool IsNew, bool IsPromoted) : BreakGlassOutcome;

    public sealed record InvalidEmail(string Error) : BreakGlassOutcome;

    /// <summary>The account doesn't exist, and creating it wasn't requested.</summary>
    public sealed record UnknownAccount : BreakGlassOutcome;

    /// <summary>The account isn't an administrator, and promoting it wasn't requested.</summary>
    public sealed record NotAdministrator(string Email) : BreakGlassOutcome;

    public sealed record Disabled(string Email) : BreakGlassOutcome;
}

/// <summary>The result of using a break-glass link.</summary>
public abstract record BreakGlassEntry
{
    public sealed record Entered(NewLogin Login) : BreakGlassEntry;

    /// <summary>
    /// The link is invalid, expired, used or replaced, or its account is no longer an
    /// active administrator; the response doesn't reveal which.
    /// </summary>
    public sealed record LinkRefused : BreakGlassEntry;

    public sealed record TooMany(TimeSpan RetryAfter) : BreakGlassEntry;
}

/// <summary>
/// One-time links for the server's operator to log in as an administrator when nothing else works: the provider is down, its claim no
/// longer names an administrator, or password login is off and the passkey is lost.
/// </summary>
public sealed class BreakGlassLinks(
    IdentityManagers managers, AddressLimiter addresses, LoginSessions sessions, LiveConnections connections, AccountChanges changes, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>The names under which Identity stores the link among an account's tokens.</summary>
    internal const string TokenProvider = "NexLlm", TokenName = "BreakGlass";

    /// <summary>Creates a link and invalidates the account's previous one.</summary>
    /// <param name="actor">The server's operator; anyone else is rejected.</param>
    /// <param name="email">The administrator's email.</param>
    /// <param name="makeAdministrator">Creates the account if it doesn't exist, and makes it an administrator.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
    /// <exception cref="AccessDeniedException">The actor is not the server's operator.</exception>
    public async Task<BreakGlassOutcome> IssueAsync(Actor actor, string email, bool makeAdministrator, CancellationToken cancellation = default)
    {
        if (!actor.IsMachine)
        {
            throw new AccessDeniedException("Only the machine's operator makes break-glass links.");
        }

        if (EmailAddress.Parse(email, out var error) is not { } address)
        {
            return new BreakGlassOutcome.InvalidEmail(error);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var existing = await identity.Users.FindByEmailAsync(address);
        if (existing is null && !makeAdministrator)
        {
            return new BreakGlassOutcome.UnknownAccount();
        }

        if (existing?.DisabledAt is not null)
        {
            return new BreakGlassOutcome.Disabled(existing.Email!);
        }

        var account = existing ?? await CreateAsync(identity, actor, address, now);
        var isAdministrator = existing is not null && await identity.Users.IsInRoleAsync(account, Roles.Administrator);
        if (!isAdministrator && !makeAdministrator)
        {
            return new BreakGlassOutcome.NotAdministrator(account.Email!);
        }

        if (!isAdministrator)
        {
            await AccountCreation.GiveRoleAsync(identity, account, Roles.Administrator);
            AuditTrail.Record(db, actor, now, AuditActions.AccountMadeAdministrator, account.Id);
        }

        var (token, until) = ($"{account.Id.ToString(CultureInfo.InvariantCulture)}.{OneTimeToken.New()}", now + Lifetime);
        await identity.Users.SetAuthenticationTokenAsync(account, TokenProvider, TokenName, new Kept(OneTimeToken.Hash(token), until).ToString()).RequireSuccessAsync();
        AuditTrail.Record(db, actor, now, AuditActions.AccountBreakGlassLinkIssued, account.Id, null, new AuditChange("expiresAt", null, until));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(account.Id);
        return new BreakGlassOutcome.Issued(account.Email!, token, until, IsNew: existing is null, IsPromoted: !isAdministrator);
    }

    /// <summary>Logs this browser in. Each link works once.</summary>
    /// <param name="visitor">The visitor. The link is the proof, regardless of any existing session in this browser.</param>
    public async Task<BreakGlassEntry> EnterAsync(Actor visitor, string? token, string? userAgent, CancellationToken cancellation = default)
    {
        if (addresses.Take(AddressAllowance.OneTimeLink, visitor.Address) is { } wait)
        {
            return new BreakGlassEntry.TooMany(wait);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await AccountOfAsync(identity, token) is not { } account)
        {
            return new BreakGlassEntry.LinkRefused();
        }

        var now = clock.GetUtcNow();
        await identity.Users.RemoveAuthenticationTokenAsync(account, TokenProvider, TokenName).RequireSuccessAsync();
        var login = sessions.Begin(db, account, Actor.Visitor(visitor.Address), userAgent, now, LogInMethod.BreakGlass);
        var replaced = await LoginSessions.EndReplacedAsync(db, visitor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(replaced);
        return new BreakGlassEntry.Entered(login);
    }

    /// <summary>Returns the email of the account the link logs in, or null if the link is invalid.</summary>
    internal async Task<string?> FindAsync(string? token)
    {
        await using var identity = managers.Begin();
        return (await AccountOfAsync(identity, token))?.Email;
    }

    private async Task<Account?> AccountOfAsync(IdentityScope identity, string? token)
    {
        var end = token?.IndexOf('.') ?? -1;
        return end > 0
            && long.TryParse(token.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && await identity.Db.Users.FindAsync(id) is { DisabledAt: null } account
            && Kept.Parse(await identity.Users.GetAuthenticationTokenAsync(account, TokenProvider, TokenName)) is { } kept
            && CryptographicOperations.FixedTimeEquals(kept.Hash, OneTimeToken.Hash(token!))
            && clock.GetUtcNow() < kept.Until
            && await identity.Users.IsInRoleAsync(account, Roles.Administrator)
            ? account
            : null;
    }

    private static async Task<Account> CreateAsync(IdentityScope identity, Actor actor, string email, DateTimeOffset now)
    {
        // Like the first administrator's account: without a limit, and with a confirmed email because an operator vouches for the person.
        var account = new Account { UserName = email, Email = email, EmailConfirmed = true, CreatedAt = now, TokenLimit = null };
        await identity.Users.CreateAsync(account).RequireSuccessAsync();
        AuditTrail.Record(
            identity.Db, actor, now, AuditActions.AccountCreated, account.Id, null, new AuditChange("email", null, email), new AuditChange("tokenLimit", "none", null));
        return account;
    }

    /// <summary>The stored data of a link.</summary>
    private sealed record Kept(byte[] Hash, DateTimeOffset Until)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(Hash)} {Until.ToUnixTimeMilliseconds()}");

        public static Kept? Parse(string? text) => text?.Split(' ') is [var hash, var until]
            ? new Kept(Convert.FromHexString(hash), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(until, CultureInfo.InvariantCulture)))
            : null;
    }
}
