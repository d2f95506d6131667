using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts;

/// <summary>A person's access to the dashboard. Owns API keys, which share the account's overall quota.</summary>
public sealed class Account : IdentityUser<long>
{
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When an administrator disabled the account; null while it is active.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>The overall quota in charged tokens; null means unlimited.</summary>
    public long? TokenLimit { get; set; }

    /// <summary>The charged tokens used so far. Written only by the ledger.</summary>
    public long UsedTokens { get; init; }

    /// <summary>The 30-second time step of the last accepted authenticator code, which prevents reuse; null before the first.</summary>
    public long? LastAuthenticatorStep { get; set; }
}
