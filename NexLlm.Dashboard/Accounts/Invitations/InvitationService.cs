using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Invitations;

/// <summary>
/// Invites people chosen by an administrator, whether or not sign-up is open. No email is sent: the administrator hands over a one-time
/// link. The email and quota are those chosen by the administrator, whatever a form submits.
/// </summary>
public sealed class InvitationService(
    IDbContextFactory<NexLlmDbContext> contexts, AccountCreation creation, AddressLimiter addresses, IOptions<AccountsOptions> options, TimeProvider clock)
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromDays(7);

    /// <summary>Invites a person and invalidates any previous invitation of the same email.</summary>
    /// <param name="email">As entered.</param>
    /// <param name="tokenLimit">The account's initial overall quota; null means unlimited.</param>
    /// <exception cref="AccessDeniedException">The actor is not an administrator.</exception>
    public async Task<InviteOutcome> InviteAsync(Actor actor, string? email, long? tokenLimit, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireAdministratorAsync(actor, now, cancellation);
        if (EmailAddress.Parse(email, out var error) is not { } address)
        {
            return new InviteOutcome.Invalid(error);
        }

        if (tokenLimit < 0)
        {
            return new InviteOutcome.Invalid("Quota must be 0 tokens or more.");
        }

        var key = EmailAddress.Key(address);
        if (await db.Users.AnyAsync(a => a.NormalizedEmail == key, cancellation))
        {
            return new InviteOutcome.Invalid("An account with this email already exists.");
        }

        var link = new IssuedLink(OneTimeToken.New(), now + LinkLifetime);
        await db.Set<Invitation>().Where(i => i.NormalizedEmail == key || i.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
        db.Add(new Invitation
        {
            Email = address,
            NormalizedEmail = key,
            TokenHash = OneTimeToken.Hash(link.Token),
            TokenLimit = tokenLimit,
            ExpiresAt = link.Until,
        });
        AuditTrail.Record(
            db, actor, now, AuditActions.AccountInvited, null, null,
            new AuditChange("email", null, address), new AuditChange("tokenLimit", "none", tokenLimit), new AuditChange("expiresAt", null, link.Until));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new InviteOutcome.Invited(address, link);
    }

    /// <summary>Lists the valid invitations by email.</summary>
    /// <exception cref="AccessDeniedException">The actor is not an administrator.</exception>
    public async Task<IReadOnlyList<PendingInvitation>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireAdministratorAsync(actor, now, cancellation);
        return await db.Set<Invitation>().Where(i => i.ExpiresAt > now).OrderBy(i => i.NormalizedEmail)
            .Select(i => new PendingInvitation(i.Id, i.Email, i.TokenLimit, i.ExpiresAt)).ToListAsync(cancellation);
    }

    /// <summary>Revokes an invitation.</summary>
    /// <returns>False if the invitation doesn't exist (any longer).</returns>
    /// <exception cref="AccessDeniedException">The actor is not an administrator.</exception>
    public async Task<bool> WithdrawAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireAdministratorAsync(actor, now, cancellation);
        if (await db.Set<Invitation>().SingleOrDefaultAsync(i => i.Id == id, cancellation) is not { } invitation)
        {
            return false;
        }

        db.Remove(invitation);
        AuditTrail.Record(
            db, actor, now, AuditActions.AccountInvitationWithdrawn, null, null, new AuditChange("email", invitation.Email, null));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Returns the invitation of the link, or null if the link is invalid.</summary>
    public async Task<PendingInvitation?> FindAsync(string? token, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await Good(db, token)
            .Select(i => new PendingInvitation(i.Id, i.Email, i.TokenLimit, i.ExpiresAt)).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Creates the account and logs the browser in. A rejected password doesn't use up the link.</summary>
    /// <param name="password">Plain text; hashed and never stored.</param>
    public async Task<NewAccountOutcome> AcceptAsync(
        Actor actor, string? token, string? password, string? userAgent, CancellationToken cancellation = default)
    {
        if (addresses.Take(AddressAllowance.OneTimeLink, actor.Address) is { } wait)
        {
            return new NewAccountOutcome.TooMany(wait);
        }

        if (await FindAsync(token, cancellation) is not { } invitation)
        {
            return new NewAccountOutcome.LinkRefused();
        }

        if (options.Value.PasswordLogIn is PasswordLogIn.Off)
        {
            return new NewAccountOutcome.Invalid(null, "Password login is turned off. Log in with single sign-on as this email address; the invitation applies then.");
        }

        var request = new NewAccount(invitation.Email, password, userAgent);
        return creation.Check(request)
            ?? await creation.CreateAsync(
                actor, request, invitation.TokenLimit, role: null, emailConfirmed: true,
                async (db, stop) => await Good(db, token).ExecuteDeleteAsync(stop) == 1 ? null : new NewAccountOutcome.LinkRefused(),
                cancellation);
    }

    private IQueryable<Invitation> Good(NexLlmDbContext db, string? token)
    {
        var hash = OneTimeToken.Hash(token ?? "");
        var now = clock.GetUtcNow();
        return db.Set<Invitation>().Where(i => i.TokenHash == hash && i.ExpiresAt > now);
    }
}
