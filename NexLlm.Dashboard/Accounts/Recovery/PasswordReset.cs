namespace NexLlm.Dashboard.Accounts.Recovery;

/// <summary>A one-time link for setting a new password. The row is deleted when the link is used.</summary>
public sealed class PasswordReset
{
    public long AccountId { get; init; }

    /// <summary>SHA-256 of the link's token.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>The first instant at which it has expired.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
