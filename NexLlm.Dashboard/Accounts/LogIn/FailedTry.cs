namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>One check of a password or a code that did not succeed, or not yet. Kept for an hour, restarts included.</summary>
public sealed class FailedTry
{
    public long Id { get; init; }

    /// <summary>What the tries are counted by, hashed: an e-mail address (whether or not it has an account), a browser, a login, a passkey's question.</summary>
    public required byte[] Subject { get; init; }

    public DateTimeOffset At { get; init; }
}
