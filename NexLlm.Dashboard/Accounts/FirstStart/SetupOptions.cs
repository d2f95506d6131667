using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts.Passwords;

namespace NexLlm.Dashboard.Accounts.FirstStart;

/// <summary>Section <c>Setup</c> of the configuration: creates the first administrator without a browser.</summary>
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

        // Never include either value: the message is printed to the console and logs.
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
            // The list is unreadable, which is reported by the validation of the section Accounts.
        }

        return errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
