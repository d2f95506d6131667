using System.Globalization;
using System.Security.Cryptography;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.BreakGlass;

/// <summary>What came of asking for a link.</summary>
public abstract record BreakGlassOutcome
{
    /// <param name="Email">As the account spells it.</param>
    /// <param name="Token">The secret part of the link.</param>
    /// <param name="Until">When it is no good any more.</param>
    /// <param name="IsNew">Whether the account was made for it.</param>
    /// <param name="IsPromoted">Whether the account became an administrator's for it.</param>
    public sealed record Issued(string Email, string Token, DateTimeOffset Until, bool IsNew, bool IsPromoted) : BreakGlassOutcome;

    public sealed record InvalidEmail(string Error) : BreakGlassOutcome;

    /// <summary>There is no such account, and none was to be made.</summary>
    public sealed record UnknownAccount : BreakGlassOutcome;

    /// <summary>It is not an administrator's, and was not to become one.</summary>
    public sealed record NotAdministrator(string Email) : BreakGlassOutcome;

    public sealed record Disabled(string Email) : BreakGlassOutcome;
}

/// <summary>What came of using a link.</summary>
public abstract record BreakGlassEntry
{
    public sealed record Entered(NewLogin Login) : BreakGlassEntry;

    /// <summary>The link is wrong, old, used or replaced, or its account no longer an active administrator's: nobody learns which.</summary>
    public sealed record LinkRefused : BreakGlassEntry;

    public sealed record TooMany(TimeSpan RetryAfter) : BreakGlassEntry;
}

/// <summary>
/// One-time links by which the machine's operator logs in as an administrator when nothing else does: the provider is down, its claim no
/// longer names anybody, or password log-in is off and the passkey is lost.
/// </summary>
public sealed class BreakGlassLinks(
    IdentityManagers managers, AddressLimiter addresses, LoginSessions sessions, LiveConnections connections, AccountChanges changes, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Under which Identity keeps them among an account's tokens.</summary>
    internal const string TokenProvider = "NexLlm", TokenName = "BreakGlass";

    /// <summary>Makes a link, which replaces the account's one before.</summary>
    /// <param name="actor">The machine's operator; nobody else may.</param>
    /// <param name="email">Of an administrator.</param>
    /// <param name="makeAdministrator">Makes the account if there is none, and makes it an administrator's.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <exception cref="AccessDeniedException">The actor is not the machine's operator.</exception>
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

    /// <summary>Logs this browser in, once.</summary>
    /// <param name="visitor">Who asks. The link is the proof, whoever this browser was logged in as.</param>
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

    /// <summary>Whom the link logs in: the email address; null if it is no good.</summary>
    internal async Task<string?> FindAsync(string? token)
    {
        await using var identity = managers.Begin();
        return (await AccountOfAsync(identity, token))?.Email;
    }

    private async Task<Account?> AccountOfAsync(IdentityWork identity, string? token)
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

    private static async Task<Account> CreateAsync(IdentityWork identity, Actor actor, string email, DateTimeOffset now)
    {
        // As the first administrator's: without a limit, and an address that somebody who knows the person named.
        var account = new Account { UserName = email, Email = email, EmailConfirmed = true, CreatedAt = now, TokenLimit = null };
        await identity.Users.CreateAsync(account).RequireSuccessAsync();
        AuditTrail.Record(
            identity.Db, actor, now, AuditActions.AccountCreated, account.Id, null, new AuditChange("email", null, email), new AuditChange("tokenLimit", "none", null));
        return account;
    }

    /// <summary>What the database remembers of a link.</summary>
    private sealed record Kept(byte[] Hash, DateTimeOffset Until)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(Hash)} {Until.ToUnixTimeMilliseconds()}");

        public static Kept? Parse(string? text) => text?.Split(' ') is [var hash, var until]
            ? new Kept(Convert.FromHexString(hash), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(until, CultureInfo.InvariantCulture)))
            : null;
    }
}
