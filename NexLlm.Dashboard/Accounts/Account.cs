using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts;

/// <summary>A person's login, owner of keys, with an overall quota that all of them share.</summary>
public sealed class Account : IdentityUser<long>
{
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When an administrator disabled the account; null while it is active.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>The overall quota in charged tokens; null is unlimited.</summary>
    public long? TokenLimit { get; set; }

    /// <summary>Charged tokens used so far. Only the ledger writes it.</summary>
    public long UsedTokens { get; init; }

    /// <summary>The 30-second step of the last code that was accepted from the authenticator app, so that none is accepted twice; null before the first.</summary>
    public long? LastAuthenticatorStep { get; set; }
}
