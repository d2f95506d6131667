using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>Holds Identity to <see cref="PasswordRules"/>, so that no way sets a password that they refuse.</summary>
internal sealed class AccountPasswordValidator : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult(
        PasswordRules.Check(password, user.Email) is { } error
            ? IdentityResult.Failed(new IdentityError { Code = nameof(PasswordRules), Description = error })
            : IdentityResult.Success);
}
