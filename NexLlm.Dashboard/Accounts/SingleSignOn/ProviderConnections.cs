using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>A provider as a person sees it on their account page.</summary>
/// <param name="Provider">Its name in the settings.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="IsConnected">Whether it lets this person into the account.</param>
/// <param name="IsConfigured">False for one that the operator removed from the settings.</param>
public sealed record ProviderConnection(string Provider, string DisplayName, bool IsConnected, bool IsConfigured);

/// <summary>What came of disconnecting a provider.</summary>
public enum DisconnectOutcome
{
    /// <summary>It is disconnected, and the account's other sessions have ended.</summary>
    Done,

    NotConnected,

    /// <summary>Nothing else lets the person in: nothing was changed.</summary>
    LastWayIn,
}

/// <summary>Which providers let a person into the own account.</summary>
public sealed class ProviderConnections(
    IdentityManagers managers, IOptions<SingleSignOnOptions> settings, IOptions<AccountsOptions> accounts, AddressLimiter addresses,
    LiveConnections connections, IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.ConnectProvider.v1");

    /// <summary>All that are configured or connected.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<IReadOnlyList<ProviderConnection>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var acting = await identity.Db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        var logins = await identity.Users.GetLoginsAsync(await identity.AccountAsync(acting.Id));
        return
        [
            .. settings.Value.Providers.Select(p => new ProviderConnection(p.Name, p.Title, logins.Any(l => l.LoginProvider == p.Name), IsConfigured: true)),
            .. logins.Where(l => settings.Value.Find(l.LoginProvider) is null)
                .Select(l => new ProviderConnection(l.LoginProvider, l.ProviderDisplayName ?? l.LoginProvider, IsConnected: true, IsConfigured: false)),
        ];
    }

    /// <summary>Lets the person whom the provider identified into the actor's account from now on.</summary>
    /// <returns>Null if it is so now.</returns>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<SingleSignOnFailure?> ConnectAsync(Actor actor, ProviderIdentity person, CancellationToken cancellation = default)
    {
        if (addresses.Take(AddressAllowance.SingleSignOn, actor.Address) is not null)
        {
            return SingleSignOnFailure.TooMany;
        }

        await using var identity = managers.Begin();
        await using var transaction = await identity.Db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await identity.Db.RequireAsync(actor, now, cancellation);
        if (settings.Value.Find(person.Provider) is not { } provider)
        {
            return SingleSignOnFailure.Failed;
        }

        if (provider.AllowedEmailDomains is not [] && SingleSignOnService.WrongAddress(provider, person) is { } wrong)
        {
            return wrong;
        }

        if (await identity.Users.FindByLoginAsync(provider.Name, person.Subject) is { } owner)
        {
            return owner.Id == acting.Id ? null : SingleSignOnFailure.Taken;
        }

        var account = await identity.AccountAsync(acting.Id);
        if ((await identity.Users.GetLoginsAsync(account)).Any(l => l.LoginProvider == provider.Name))
        {
            return SingleSignOnFailure.Connected;
        }

        await SingleSignOnService.ConnectAsync(identity, actor, provider, person, account, now);
        await identity.Db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <summary>Takes a provider's way into the actor's account, and ends the account's other sessions.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    /// <exception cref="ReauthenticationRequiredException">The last proof of who they are is too old.</exception>
    public async Task<DisconnectOutcome> DisconnectAsync(Actor actor, string provider, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        await using var transaction = await identity.Db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await identity.Db.RequireRecentAsync(actor, now, cancellation);
        var account = await identity.AccountAsync(acting.Id);
        var logins = await identity.Users.GetLoginsAsync(account);
        if (logins.FirstOrDefault(l => l.LoginProvider == provider) is not { } login)
        {
            return DisconnectOutcome.NotConnected;
        }

        var hasOther = (accounts.Value.PasswordLogIn is PasswordLogIn.On && account.PasswordHash is not null)
            || logins.Any(l => l != login && settings.Value.Find(l.LoginProvider) is not null)
            || (await identity.Users.GetPasskeysAsync(account)).Count > 0;
        if (!hasOther)
        {
            return DisconnectOutcome.LastWayIn;
        }

        await identity.Users.RemoveLoginAsync(account, login.LoginProvider, login.ProviderKey).RequireSuccessAsync();
        var ended = await identity.Db.RecordCredentialChangeAsync(
            actor, account, AuditActions.AccountProviderDisconnected, now, cancellation, new AuditChange("provider", provider, null));
        await identity.Db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. ended]);
        return DisconnectOutcome.Done;
    }

    /// <summary>
    /// Where the actor begins to connect a provider. A link, since a form's answer must not lead to another site; what it has in it is known to
    /// this session's pages only, so that no other site can begin it.
    /// </summary>
    internal string ConnectPath(Actor actor, string provider) =>
        $"/account/sso/{provider}/connect?proof={WebEncoders.Base64UrlEncode(_protector.Protect(Encoding.UTF8.GetBytes(actor.SessionId.ToString("N"))))}";

    internal bool IsProofOf(Actor actor, string? proof)
    {
        try
        {
            return proof is not null && actor.AccountId is not null
                && Encoding.UTF8.GetString(_protector.Unprotect(WebEncoders.Base64UrlDecode(proof))) == actor.SessionId.ToString("N");
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return false;
        }
    }
}
