using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Allows password login to be turned off only if another login method is available.</summary>
internal sealed class PasswordLogInRules(IConfiguration configuration) : IValidateOptions<AccountsOptions>
{
    /// <summary>The error message of all password operations while password login is off.</summary>
    public const string Off = "Password login is turned off. Log in with single sign-on or a passkey.";

    public ValidateOptionsResult Validate(string? name, AccountsOptions options) =>
        options.PasswordLogIn is PasswordLogIn.On || configuration.GetSection(SingleSignOnOptions.ProvidersPath).GetChildren().Any()
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{AccountsOptions.Section}:{nameof(AccountsOptions.PasswordLogIn)} is Off, but there is no provider in {SingleSignOnOptions.ProvidersPath}. Add one, or use On.");
}
