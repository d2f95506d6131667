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

/// <summary>What came of granting quota.</summary>
public abstract record GrantOutcome
{
    /// <param name="Email">As the account spells it.</param>
    /// <param name="TokenLimit">The overall quota now.</param>
    /// <param name="UsedTokens">What of it is used.</param>
    public sealed record Granted(string Email, long TokenLimit, long UsedTokens) : GrantOutcome;

    public sealed record AlreadyUnlimited(string Email) : GrantOutcome;

    public sealed record UnknownAccount : GrantOutcome;

    /// <param name="Most">The most that could be granted; the least is 1.</param>
    public sealed record OutOfRange(long Most) : GrantOutcome;
}
