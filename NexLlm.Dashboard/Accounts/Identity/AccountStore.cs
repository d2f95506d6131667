using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>
/// Identity's store keeps authenticator keys and recovery codes in plain text. This one
/// encrypts the keys and hashes the codes, so read access to the database reveals neither.
/// </summary>
internal sealed class AccountStore(NexLlmDbContext db, AuthenticatorKeys keys, IdentityErrorDescriber describer)
    : UserStore<Account, IdentityRole<long>, NexLlmDbContext, long>(db, describer)
{
    /// <summary>The provider and name under which Identity stores an authenticator key.</summary>
    public const string Provider = "[AspNetUserStore]", KeyName = "AuthenticatorKey";

    /// <summary>The name under which Identity stores recovery codes.</summary>
    public const string CodesName = "RecoveryCodes";

    public override Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken) =>
        base.SetAuthenticatorKeyAsync(user, keys.Sealed(key), cancellationToken);

    public override async Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) =>
        keys.Opened(await base.GetAuthenticatorKeyAsync(user, cancellationToken));

    public override Task ReplaceCodesAsync(Account user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        base.ReplaceCodesAsync(user, recoveryCodes.Select(code => RecoveryCodes.Hash(user.Id, code)), cancellationToken);

    public override async Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken)
    {
        var left = (await GetTokenAsync(user, Provider, CodesName, cancellationToken) ?? "").Split(';').ToList();
        if (!left.Remove(RecoveryCodes.Hash(user.Id, code)))
        {
            return false;
        }

        await base.ReplaceCodesAsync(user, left, cancellationToken);
        return true;
    }
}
