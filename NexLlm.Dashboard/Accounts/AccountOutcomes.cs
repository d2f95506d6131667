namespace NexLlm.Dashboard.Accounts;

/// <summary>The result of changing one's own password.</summary>
public abstract record PasswordOutcome
{
    public sealed record Changed(int EndedLogins) : PasswordOutcome;

    /// <summary>What is wrong with each entry; null for a valid one.</summary>
    public sealed record Invalid(string? CurrentError, string? NewError) : PasswordOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : PasswordOutcome;
}

/// <summary>The result of setting another person's password.</summary>
public abstract record SetPasswordOutcome
{
    public sealed record Done(string Email, int EndedLogins) : SetPasswordOutcome;

    public sealed record Invalid(string Error) : SetPasswordOutcome;

    public sealed record UnknownAccount : SetPasswordOutcome;
}
