using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts.Passwords;

namespace NexLlm.Dashboard.Accounts.FirstStart;

/// <summary>Section <c>Setup</c> of the configuration: the first administrator without anybody at a browser.</summary>
public sealed record SetupOptions
{
    public const string Section = "Setup";

    public string? AdminEmail { get; init; }

    public string? AdminPassword { get; init; }

    public bool IsGiven => !string.IsNullOrEmpty(AdminEmail) && !string.IsNullOrEmpty(AdminPassword);
}

internal sealed class SetupOptionsRules(BreachedPasswords breached) : IValidateOptions<SetupOptions>
{
    public ValidateOptionsResult Validate(string? name, SetupOptions options)
    {
        if (string.IsNullOrEmpty(options.AdminEmail) && string.IsNullOrEmpty(options.AdminPassword))
        {
            return ValidateOptionsResult.Success;
        }

        // Never the value of either: these lines go to the console and to logs.
        List<string> errors = [];
        if (EmailAddress.Parse(options.AdminEmail, out var emailError) is null)
        {
            errors.Add($"Setup:AdminEmail: {emailError}");
        }

        try
        {
            if (breached.Check(options.AdminPassword, options.AdminEmail) is { } passwordError)
            {
                errors.Add($"Setup:AdminPassword: {passwordError}");
            }
        }
        catch (OptionsValidationException)
        {
            // The list cannot be asked, which the check of the section Accounts tells.
        }

        return errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
