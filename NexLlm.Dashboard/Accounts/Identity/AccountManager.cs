using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts.Identity;

/// <summary>Identity's user manager with recovery codes that can't be guessed from their hashes.</summary>
internal sealed class AccountManager(
    IUserStore<Account> store, IOptions<IdentityOptions> options, IPasswordHasher<Account> hasher, IEnumerable<IUserValidator<Account>> users,
    IEnumerable<IPasswordValidator<Account>> passwords, ILookupNormalizer normalizer, IdentityErrorDescriber describer, IServiceProvider services,
    ILogger<UserManager<Account>> log)
    : UserManager<Account>(store, options, hasher, users, passwords, normalizer, describer, services, log)
{
    protected override string CreateTwoFactorRecoveryCode() => RecoveryCodes.New();
}
