using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Who somebody is at a provider, as the provider has just proven it.</summary>
/// <param name="Provider">The provider's name in the settings.</param>
/// <param name="Subject">The claim <c>sub</c>, which never names anybody else there.</param>
/// <param name="Email">The email address; null if it told none, or several.</param>
/// <param name="IsEmailVerified">Whether the provider says that the address is this person's.</param>
/// <param name="IsAdministrator">Whether the claim is there that makes an administrator.</param>
/// <param name="SessionId">The provider's own session (the claim <c>sid</c>); null if it told none.</param>
/// <param name="IdToken">The ID token itself; null if it is too long to be sent back at log-out.</param>
public sealed record ProviderIdentity(
    string Provider, string Subject, string? Email, bool IsEmailVerified, bool IsAdministrator, string? SessionId = null, string? IdToken = null)
{
    internal const string IdTokenItem = "nexllm:id-token";

    /// <summary>Longer ones do not fit into the address at which the provider logs people out.</summary>
    private const int MaxIdToken = 6_000;

    private const string SubjectClaim = "sub", EmailClaim = "email", VerifiedClaim = "email_verified", AdministratorClaim = "administrator", SessionClaim = "sid", True = "true";

    /// <summary>Of all that a provider tells, only what is needed, so that the cookie that carries it stays small.</summary>
    internal static ClaimsPrincipal Reduce(SingleSignOnProvider provider, ClaimsPrincipal told)
    {
        var reduced = new ClaimsIdentity(IdentityConstants.ExternalScheme);
        Add(SubjectClaim, Only(told, SubjectClaim));
        Add(EmailClaim, Only(told, provider.EmailClaim));
        // Some write it as text, and Entra ID as a number.
        Add(VerifiedClaim, Only(told, provider.EmailVerifiedClaim) is "1" or "true" or "True" ? True : null);
        Add(AdministratorClaim, provider.Administrator is { } wanted && told.HasClaim(wanted.Type, wanted.Value) ? True : null);
        Add(SessionClaim, Only(told, SessionClaim));
        return new ClaimsPrincipal(reduced);

        void Add(string type, string? value)
        {
            if (value is not null)
            {
                reduced.AddClaim(new Claim(type, value));
            }
        }
    }

    /// <summary>What <see cref="Reduce"/> left, as it comes back from the cookie.</summary>
    internal static ProviderIdentity Of(ExternalLoginInfo info) => new(
        info.LoginProvider,
        info.ProviderKey,
        Only(info.Principal, EmailClaim),
        info.Principal.HasClaim(VerifiedClaim, True),
        info.Principal.HasClaim(AdministratorClaim, True),
        Only(info.Principal, SessionClaim),
        info.AuthenticationProperties?.GetString(IdTokenItem));

    internal static bool Fits(string idToken) => idToken.Length <= MaxIdToken;

    private static string? Only(ClaimsPrincipal told, string type) =>
        told.FindAll(type).Select(c => c.Value).Distinct(StringComparer.Ordinal).ToList() is [{ Length: > 0 } only] ? only : null;
}
