using NexLlm.Dashboard.Accounts.Sessions;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Why somebody came back from a provider without being logged in, or without being connected to it.</summary>
public enum SingleSignOnFailure
{
    /// <summary>The person, or the provider, said no.</summary>
    Cancelled,

    /// <summary>The provider did not answer.</summary>
    Unavailable,

    /// <summary>The answer belongs to no log-in that this browser began a short while ago.</summary>
    Expired,

    /// <summary>The provider's clock and this machine's are too far apart.</summary>
    Clock,

    /// <summary>Anything else that is wrong with the provider's answer.</summary>
    Failed,

    /// <summary>The provider tells no email address, which a new account needs.</summary>
    NoEmail,

    /// <summary>The provider does not say that the address is the person's.</summary>
    Unverified,

    /// <summary>The address is in none of the allowed domains.</summary>
    Domain,

    /// <summary>There is no account, and none is made.</summary>
    NoAccount,

    /// <summary>There is an account with this address that is not known to be this person's.</summary>
    AccountExists,

    /// <summary>The account is disabled.</summary>
    Disabled,

    /// <summary>Somebody else's account is connected to this person's at the provider.</summary>
    Taken,

    /// <summary>The account is connected to somebody else's at this provider.</summary>
    Connected,

    /// <summary>Too many tries from this address.</summary>
    TooMany,
}

internal static class SingleSignOnFailures
{
    public const string QueryName = "sso";

    /// <summary>The page that says so in words, within this site.</summary>
    /// <param name="page">Its path; the log-in page if null.</param>
    public static string Path(this SingleSignOnFailure failure, string provider, string? page = null)
    {
        page ??= SessionCookie.LogInPath;
        return $"{page}{(page.Contains('?') ? '&' : '?')}{QueryName}={failure.ToString().ToLowerInvariant()}&provider={Uri.EscapeDataString(provider)}";
    }
}
