namespace NexLlm.Dashboard.Accounts;

/// <summary>What came of changing a password.</summary>
public abstract record PasswordOutcome
{
    public sealed record Changed(int EndedLogins) : PasswordOutcome;

    /// <summary>What has to be entered differently; null where the entry is fine.</summary>
    public sealed record Invalid(string? CurrentError, string? NewError) : PasswordOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : PasswordOutcome;
}

/// <summary>What came of setting another person's password.</summary>
public abstract record SetPasswordOutcome
{
    public sealed record Done(string Email, int EndedLogins) : SetPasswordOutcome;

    public sealed record Invalid(string Error) : SetPasswordOutcome;

    public sealed record UnknownAccount : SetPasswordOutcome;
}
