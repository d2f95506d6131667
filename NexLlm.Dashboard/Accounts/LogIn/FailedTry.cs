namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>An attempt at a password or a code that failed or is still being checked. Kept for an hour, across restarts.</summary>
public sealed class FailedTry
{
    public long Id { get; init; }

    /// <summary>
    /// A hash of what the attempts are counted by: an email (with or without an account), a browser, a session or a passkey challenge.
    /// </summary>
    public required byte[] Subject { get; init; }

    public DateTimeOffset At { get; init; }
}
