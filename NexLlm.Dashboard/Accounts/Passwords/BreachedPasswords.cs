using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>Checks a new password against the rules and, if one is configured, a list of breached passwords.</summary>
public sealed partial class BreachedPasswords(IOptions<AccountsOptions> options, ILogger<BreachedPasswords> log)
{
    internal const string Rejection = "This password has appeared in a data breach. Choose another one.";

    /// <summary>Checks a password against <see cref="PasswordRules"/> and the list. Returns an error message, or null if it is accepted.</summary>
    public string? Check(string? password, string? email) =>
        PasswordRules.Check(password, email) ?? (IsListed(password!) ? Rejection : null);

    private bool IsListed(string password) =>
        options.Value.BreachedPasswords is not ""
        && ((string[])[password, PasswordRules.Normalize(password)]).Distinct().Any(text => IsListed(Encoding.UTF8.GetBytes(text)));

    private bool IsListed(byte[] text)
    {
        try
        {
            // Opened for each check, so that a newer list takes effect as soon as it replaces the file.
#pragma warning disable CA5350 // Not used for protection: the lists contain SHA-1 hashes.
            return HashList.Contains(options.Value.BreachedPasswords, SHA1.HashData(text));
#pragma warning restore CA5350
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // The list was valid at startup. A temporarily missing list must not prevent password changes.
            LogUnreadable(log, options.Value.BreachedPasswords, e);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Couldn't read {Path} (Accounts:BreachedPasswords). New passwords aren't checked against it.")]
    private static partial void LogUnreadable(ILogger log, string path, Exception failure);
}

internal sealed class BreachedPasswordsValidator : IValidateOptions<AccountsOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountsOptions options) =>
        options.BreachedPasswords is not "" && HashList.Check(options.BreachedPasswords) is { } wrong
            ? ValidateOptionsResult.Fail($"{AccountsOptions.Section}:{nameof(AccountsOptions.BreachedPasswords)} is “{options.BreachedPasswords}”. {wrong}")
            : ValidateOptionsResult.Success;
}
