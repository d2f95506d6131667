using NexLlm.Dashboard.Accounts.Recovery;

namespace NexLlm.Dashboard.Accounts.Invitations;

/// <summary>What came of inviting somebody.</summary>
public abstract record InviteOutcome
{
    /// <param name="Email">Who is invited.</param>
    /// <param name="Link">To hand over; it cannot be read again.</param>
    public sealed record Invited(string Email, IssuedLink Link) : InviteOutcome;

    public sealed record Invalid(string Error) : InviteOutcome;
}

/// <summary>An invitation that nobody has used yet.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Email">The e-mail address that the account will have.</param>
/// <param name="TokenLimit">The overall quota that it will start with; null is unlimited.</param>
/// <param name="ExpiresAt">When it is no good any more.</param>
public sealed record PendingInvitation(long Id, string Email, long? TokenLimit, DateTimeOffset ExpiresAt);
