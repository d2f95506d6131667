namespace NexLlm.Dashboard.Accounts.Invitations;

/// <summary>A one-time link for creating an account chosen by an administrator. The row is deleted when the link is used.</summary>
public sealed class Invitation
{
    public long Id { get; init; }

    public required string Email { get; init; }

    /// <summary>The <see cref="EmailAddress.Key"/> of the email; unique among invitations.</summary>
    public required string NormalizedEmail { get; init; }

    /// <summary>SHA-256 of the link's token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The account's initial overall quota, in charged tokens; null means unlimited.</summary>
    public long? TokenLimit { get; init; }

    /// <summary>The first instant at which it has expired.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
