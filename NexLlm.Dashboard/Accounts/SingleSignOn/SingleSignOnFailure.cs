using NexLlm.Dashboard.Accounts.Sessions;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Why a person returned from a provider without being logged in or connected.</summary>
public enum SingleSignOnFailure
{
    /// <summary>The person or the provider declined.</summary>
    Cancelled,

    /// <summary>The provider did not answer.</summary>
    Unavailable,

    /// <summary>The response doesn't match a recent login in this browser.</summary>
    Expired,

    /// <summary>The clocks of the provider and this server differ too much.</summary>
    Clock,

    /// <summary>Any other problem with the provider's response.</summary>
    Failed,

    /// <summary>The provider sent no email, which a new account needs.</summary>
    NoEmail,

    /// <summary>The provider doesn't confirm that the email belongs to the person.</summary>
    Unverified,

    /// <summary>The email is in none of the allowed domains.</summary>
    Domain,

    /// <summary>There is no account, and the provider's settings don't allow creating one.</summary>
    NoAccount,

    /// <summary>An account with this email exists, but isn't known to belong to this person.</summary>
    AccountExists,

    /// <summary>The account is disabled.</summary>
    Disabled,

    /// <summary>This identity at the provider is connected to another account.</summary>
    Taken,

    /// <summary>The account is connected to another identity at this provider.</summary>
    Connected,

    /// <summary>Too many attempts from this address.</summary>
    TooMany,
}

internal static class SingleSignOnFailures
{
    public const string QueryName = "sso";

    /// <summary>The page on this site that explains the failure.</summary>
    /// <param name="page">The page's path; null for the login page.</param>
    public static string Path(this SingleSignOnFailure failure, string provider, string? page = null)
    {
        page ??= SessionCookie.LogInPath;
        return $"{page}{(page.Contains('?') ? '&' : '?')}{QueryName}={failure.ToString().ToLowerInvariant()}&provider={Uri.EscapeDataString(provider)}";
    }
}
