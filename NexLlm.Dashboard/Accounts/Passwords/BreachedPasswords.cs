using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>What a new password must be, and that it is in no list of breached ones, if the settings name such a list.</summary>
public sealed partial class BreachedPasswords(IOptions<AccountsOptions> options, ILogger<BreachedPasswords> log)
{
    internal const string Refusal = "This password has appeared in a data breach. Choose another one.";

    /// <summary>What is wrong and what to do about it, by <see cref="PasswordRules"/> and the list; null if the password is fine.</summary>
    public string? Check(string? password, string? email) =>
        PasswordRules.Check(password, email) ?? (IsListed(password!) ? Refusal : null);

    private bool IsListed(string password) =>
        options.Value.BreachedPasswords is not ""
        && ((string[])[password, PasswordRules.Normalize(password)]).Distinct().Any(text => IsListed(Encoding.UTF8.GetBytes(text)));

    private bool IsListed(byte[] text)
    {
        try
        {
            // Opened anew each time: a newer list that takes the file's place is asked from then on.
#pragma warning disable CA5350 // It protects nothing here: the lists are of SHA-1.
            return HashList.Contains(options.Value.BreachedPasswords, SHA1.HashData(text));
#pragma warning restore CA5350
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // It was whole at the start. A list that is missing for a while must not keep anybody from a new password.
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
