using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>Applies the password rules to Identity, so that no code path can set a password that violates them.</summary>
internal sealed class AccountPasswordValidator(BreachedPasswords breached) : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult(
        breached.Check(password, user.Email) is { } error
            ? IdentityResult.Failed(new IdentityError { Code = nameof(PasswordRules), Description = error })
            : IdentityResult.Success);
}
