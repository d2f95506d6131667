using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Section <c>SingleSignOn:Providers:NAME</c> of the configuration: an OpenID provider for logging in.</summary>
public sealed record SingleSignOnProvider
{
    private static readonly IdnMapping _idn = new() { UseStd3AsciiRules = true };

    /// <summary>The name on the login button; blank for the name in the settings.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The provider's issuer URL, the base of its discovery document.</summary>
    public string Authority { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>The requested scopes; openid is always added. Blank for profile and email.</summary>
    public string[] Scopes { get; init; } = [];

    /// <summary>The claim that makes a person an administrator, as <c>type=value</c>; blank to manage roles in the dashboard.</summary>
    public string AdministratorClaim { get; init; } = "";

    /// <summary>The email domains allowed to log in, with a verified email; empty for any.</summary>
    public string[] AllowedEmailDomains { get; init; } = [];

    /// <summary>The claim that contains the email.</summary>
    public string EmailClaim { get; init; } = "email";

    /// <summary>The claim that states whether the email is verified.</summary>
    public string EmailVerifiedClaim { get; init; } = "email_verified";

    /// <summary>Set to false only for a provider on the same machine.</summary>
    public bool RequireHttpsMetadata { get; init; } = true;

    /// <summary>Whether people without an account get one at their first login.</summary>
    public bool CreateAccounts { get; init; } = true;

    /// <summary>The initial overall quota of accounts created this way, in charged tokens; if unset, that of sign-up.</summary>
    [Range(0, long.MaxValue)]
    public long? StartingTokens { get; init; }

    /// <summary>The name in the settings, which links accounts to the provider.</summary>
    internal string Name { get; init; } = "";

    internal string Title => DisplayName is "" ? Name : DisplayName;

    internal string StartPath => $"/account/sso/{Name}";

    internal string CallbackPath => $"{StartPath}/callback";

    internal IEnumerable<string> RequestedScopes => (Scopes is [] ? ["profile", "email"] : Scopes).Prepend("openid").Distinct(StringComparer.Ordinal);

    /// <summary>Null if roles are managed in the dashboard.</summary>
    internal (string Type, string Value)? Administrator =>
        AdministratorClaim.Split('=', 2) is [{ Length: > 0 } type, { Length: > 0 } value] ? (type.Trim(), value.Trim()) : null;

    /// <summary>Whether the email's domain is allowed. Subdomains don't match.</summary>
    internal bool Allows(string email) =>
        AllowedEmailDomains is [] || (Domain(email[(email.LastIndexOf('@') + 1)..]) is { } domain && AllowedEmailDomains.Any(d => domain.Equals(Domain(d), StringComparison.OrdinalIgnoreCase)));

    /// <summary>The domain in its DNS form; null if it is invalid or contains lookalike letters.</summary>
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
