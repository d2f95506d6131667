using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>A person's identity at a provider, as just confirmed by the provider.</summary>
/// <param name="Provider">The provider's name in the settings.</param>
/// <param name="Subject">The <c>sub</c> claim, which is never reassigned to another person.</param>
/// <param name="Email">The email address; null if the provider sent none, or several.</param>
/// <param name="IsEmailVerified">Whether the provider confirms that the email belongs to the person.</param>
/// <param name="IsAdministrator">Whether the administrator claim is present.</param>
/// <param name="SessionId">The provider's own session ID (the <c>sid</c> claim); null if it didn't send one.</param>
/// <param name="IdToken">The ID token; null if it is too long to be sent at logout.</param>
public sealed record ProviderIdentity(
    string Provider, string Subject, string? Email, bool IsEmailVerified, bool IsAdministrator, string? SessionId = null, string? IdToken = null)
{
    internal const string IdTokenItem = "nexllm:id-token";

    /// <summary>Longer tokens don't fit into the provider's logout URL.</summary>
    private const int MaxIdToken = 6_000;

    private const string SubjectClaim = "sub", EmailClaim = "email", VerifiedClaim = "email_verified", AdministratorClaim = "administrator", SessionClaim = "sid", True = "true";

    /// <summary>Keeps only the necessary claims, so that the cookie stays small.</summary>
    internal static ClaimsPrincipal Reduce(SingleSignOnProvider provider, ClaimsPrincipal told)
    {
        var reduced = new ClaimsIdentity(IdentityConstants.ExternalScheme);
        Add(SubjectClaim, Only(told, SubjectClaim));
        Add(EmailClaim, Only(told, provider.EmailClaim));
        // Some providers send this claim as text, and Entra ID sends a number.
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

    /// <summary>Reads the claims kept by <see cref="Reduce"/> from the cookie.</summary>
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
