using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Password log-in is switched off only where something else lets people in.</summary>
internal sealed class PasswordLogInRules(IConfiguration configuration) : IValidateOptions<AccountsOptions>
{
    /// <summary>What everything that has to do with passwords answers then.</summary>
    public const string Off = "Password login is turned off. Log in with single sign-on or a passkey.";

    public ValidateOptionsResult Validate(string? name, AccountsOptions options) =>
        options.PasswordLogIn is PasswordLogIn.On || configuration.GetSection(SingleSignOnOptions.ProvidersPath).GetChildren().Any()
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{AccountsOptions.Section}:{nameof(AccountsOptions.PasswordLogIn)} is Off, but there is no provider in {SingleSignOnOptions.ProvidersPath}. Add one, or use On.");
}
