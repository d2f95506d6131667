using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Section <c>SingleSignOn:Providers:NAME</c> of the configuration: an OpenID provider by which people log in.</summary>
public sealed record SingleSignOnProvider
{
    private static readonly IdnMapping _idn = new() { UseStd3AsciiRules = true };

    /// <summary>What its button calls it; its name in the settings if blank.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The provider's issuer, below which its discovery document stands.</summary>
    public string Authority { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>What it is asked for; openid is always among it. Blank asks for profile and email.</summary>
    public string[] Scopes { get; init; } = [];

    /// <summary>The claim that makes an administrator, as <c>type=value</c>; blank leaves roles to the dashboard.</summary>
    public string AdministratorClaim { get; init; } = "";

    /// <summary>Only people whose verified email is in one of these domains are let in; none lets everybody in.</summary>
    public string[] AllowedEmailDomains { get; init; } = [];

    /// <summary>The claim that holds the email address.</summary>
    public string EmailClaim { get; init; } = "email";

    /// <summary>The claim by which the provider says that the address is the person's.</summary>
    public string EmailVerifiedClaim { get; init; } = "email_verified";

    /// <summary>False only for a provider on this very machine.</summary>
    public bool RequireHttpsMetadata { get; init; } = true;

    /// <summary>Whether somebody who has no account gets one at the first log-in.</summary>
    public bool CreateAccounts { get; init; } = true;

    /// <summary>The overall quota, in charged tokens, of an account that is made so; that of sign-up if it is not set.</summary>
    [Range(0, long.MaxValue)]
    public long? StartingTokens { get; init; }

    /// <summary>Its name in the settings, by which accounts are connected to it.</summary>
    internal string Name { get; init; } = "";

    internal string Title => DisplayName is "" ? Name : DisplayName;

    internal string StartPath => $"/account/sso/{Name}";

    internal string CallbackPath => $"{StartPath}/callback";

    internal IEnumerable<string> RequestedScopes => (Scopes is [] ? ["profile", "email"] : Scopes).Prepend("openid").Distinct(StringComparer.Ordinal);

    /// <summary>Null if the provider does not decide who administers.</summary>
    internal (string Type, string Value)? Administrator =>
        AdministratorClaim.Split('=', 2) is [{ Length: > 0 } type, { Length: > 0 } value] ? (type.Trim(), value.Trim()) : null;

    /// <summary>Whether the address is in one of the allowed domains: that very domain, not one below it.</summary>
    internal bool Allows(string email) =>
        AllowedEmailDomains is [] || (Domain(email[(email.LastIndexOf('@') + 1)..]) is { } domain && AllowedEmailDomains.Any(d => domain.Equals(Domain(d), StringComparison.OrdinalIgnoreCase)));

    /// <summary>The domain as the name system spells it; null if it is none, or in letters that only look like it.</summary>
    internal static string? Domain(string text)
    {
        if (text.All(char.IsAscii))
        {
            return Uri.CheckHostName(text) is UriHostNameType.Dns ? text : null;
        }

        try
        {
            var ascii = _idn.GetAscii(text);
            return _idn.GetUnicode(ascii) == text ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
