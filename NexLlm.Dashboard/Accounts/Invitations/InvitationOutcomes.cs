using NexLlm.Dashboard.Accounts.Recovery;

namespace NexLlm.Dashboard.Accounts.Invitations;

/// <summary>The result of inviting a person.</summary>
public abstract record InviteOutcome
{
    /// <param name="Email">The invited email.</param>
    /// <param name="Link">The link to hand over; it can't be retrieved later.</param>
    public sealed record Invited(string Email, IssuedLink Link) : InviteOutcome;

    public sealed record Invalid(string Error) : InviteOutcome;
}

/// <summary>An unused invitation.</summary>
/// <param name="Id">The invitation's ID.</param>
/// <param name="Email">The account's future email.</param>
/// <param name="TokenLimit">The account's initial overall quota; null means unlimited.</param>
/// <param name="ExpiresAt">The expiry time.</param>
public sealed record PendingInvitation(long Id, string Email, long? TokenLimit, DateTimeOffset ExpiresAt);
