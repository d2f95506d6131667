namespace NexLlm.Dashboard.Accounts.Invitations;

/// <summary>A one-time link by which a person makes the account that an administrator chose. It is gone once it was used.</summary>
public sealed class Invitation
{
    public long Id { get; init; }

    public required string Email { get; init; }

    /// <summary><see cref="EmailAddress.Key"/> of the address: there is one invitation for each.</summary>
    public required string NormalizedEmail { get; init; }

    /// <summary>SHA-256 of the link's token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The overall quota that the account starts with, in charged tokens; null is unlimited.</summary>
    public long? TokenLimit { get; init; }

    /// <summary>The first instant at which it is no good any more.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
