namespace NexLlm.Dashboard.Access;

/// <summary>One login of an account in one browser. Its id is in the cookie; its end is the login's end.</summary>
public sealed class LoginSession
{
    public Guid Id { get; init; }

    public long AccountId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The session is over from this instant on, whatever the cookie says.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it was logged out or revoked; null while it is live.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What the browser calls itself, cut to 256 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The address of the log-in.</summary>
    public string? Address { get; init; }

    /// <summary>How the person proved who they are when they logged in, or since.</summary>
    public LogInMethod Method { get; set; }

    /// <summary>When the person last proved it. Critical changes ask for it to be recent.</summary>
    public DateTimeOffset AuthenticatedAt { get; set; }

    /// <summary>The account's security stamp when the session began. Once the account has another one, the session is over.</summary>
    public string? SecurityStamp { get; set; }

    /// <summary>The OpenID provider that the person came from, by its name in the settings; null if none.</summary>
    public string? Provider { get; init; }

    /// <summary>Who the person is at the provider (the claim <c>sub</c>); null without a provider.</summary>
    public string? ProviderSubject { get; init; }

    /// <summary>The provider's own session (the claim <c>sid</c>); null if it did not name one.</summary>
    public string? ProviderSessionId { get; init; }

    /// <summary>The provider's ID token, encrypted, with which this login can be ended there; null without a provider.</summary>
    public byte[]? ProtectedIdToken { get; init; }
}

/// <summary>How somebody proved who they are. The numbers are stored.</summary>
public enum LogInMethod
{
    Password = 0,
    PasswordAndCode = 1,
    PasswordAndRecoveryCode = 2,
    Passkey = 3,
    SingleSignOn = 4,

    /// <summary>By a link that the machine's operator printed.</summary>
    BreakGlass = 5,
}
