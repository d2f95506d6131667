namespace NexLlm.Dashboard.Accounts.Recovery;

/// <summary>A one-time link by which a person who forgot the password sets a new one. It is gone once it was used.</summary>
public sealed class PasswordReset
{
    public long AccountId { get; init; }

    /// <summary>SHA-256 of the link's token.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>The first instant at which it is no good any more.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
