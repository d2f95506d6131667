namespace NexLlm.Dashboard.Access;

/// <summary>A login of an account in one browser. The cookie holds the session ID, so ending the session ends the login.</summary>
public sealed class LoginSession
{
    public Guid Id { get; init; }

    public long AccountId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The session has ended from this instant on, whatever the cookie says.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When the session was logged out or revoked; null while it is live.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The browser's <c>User-Agent</c> header, truncated to 256 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The IP address of the login.</summary>
    public string? Address { get; init; }

    /// <summary>How the person authenticated at login or at a later confirmation.</summary>
    public LogInMethod Method { get; set; }

    /// <summary>When the person last authenticated. Critical changes require this to be recent.</summary>
    public DateTimeOffset AuthenticatedAt { get; set; }

    /// <summary>The account's security stamp at the start of the session. The session ends when the account's stamp changes.</summary>
    public string? SecurityStamp { get; set; }

    /// <summary>The OpenID provider used to log in, by its name in the settings; null if none.</summary>
    public string? Provider { get; init; }

    /// <summary>The person's ID at the provider (the <c>sub</c> claim); null without a provider.</summary>
    public string? ProviderSubject { get; init; }

    /// <summary>The provider's own session ID (the <c>sid</c> claim); null if the provider didn't send one.</summary>
    public string? ProviderSessionId { get; init; }

    /// <summary>The provider's ID token, encrypted. Used to log out at the provider; null without a provider.</summary>
    public byte[]? ProtectedIdToken { get; init; }
}

/// <summary>How a person authenticated. The values are stored.</summary>
public enum LogInMethod
{
    Password = 0,
    PasswordAndCode = 1,
    PasswordAndRecoveryCode = 2,
    Passkey = 3,
    SingleSignOn = 4,

    /// <summary>With a link that the server's operator printed.</summary>
    BreakGlass = 5,
}
