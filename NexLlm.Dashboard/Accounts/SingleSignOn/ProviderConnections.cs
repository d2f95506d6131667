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

/// <summary>A provider as shown on a person's account page.</summary>
/// <param name="Provider">The provider's name in the settings.</param>
/// <param name="DisplayName">The provider's display name.</param>
/// <param name="IsConnected">Whether the person can log in with it.</param>
/// <param name="IsConfigured">False if the operator removed it from the settings.</param>
public sealed record ProviderConnection(string Provider, string DisplayName, bool IsConnected, bool IsConfigured);

/// <summary>The result of disconnecting a provider.</summary>
public enum DisconnectOutcome
{
    /// <summary>The provider is disconnected, and the account's other sessions have ended.</summary>
    Done,

    NotConnected,

    /// <summary>Rejected, because the account would have no login method left.</summary>
    LastWayIn,
}

/// <summary>Manages the providers with which a person can log in to their own account.</summary>
public sealed class ProviderConnections(
    IdentityManagers managers, IOptions<SingleSignOnOptions> settings, IOptions<AccountsOptions> accounts, AddressLimiter addresses,
    LiveConnections connections, IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("NexLlm.ConnectProvider.v1");

    /// <summary>Lists all providers that are configured or connected.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
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

    /// <summary>Connects the person identified by the provider to the actor's account.</summary>
    /// <returns>Null on success.</returns>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
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

    /// <summary>Disconnects a provider from the actor's account and ends the account's other sessions.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
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
    /// The URL where the actor starts connecting a provider. It is a link because a form's response can't redirect to another site. It
    /// contains a value known only to this session's pages, so other sites can't start the connection.
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
