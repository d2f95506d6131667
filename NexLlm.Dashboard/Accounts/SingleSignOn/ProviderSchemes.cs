using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Registers each configured provider as a scheme of the framework's OpenID Connect handler, under the provider's name.</summary>
internal sealed class ProviderSchemes(IOptions<SingleSignOnOptions> settings, ProviderEvents events, TimeProvider clock)
    : IConfigureOptions<AuthenticationOptions>, IConfigureNamedOptions<OpenIdConnectOptions>
{
    /// <summary>The tolerated difference from the provider's clock.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Only asymmetric signatures, which only the provider can create: neither unsigned tokens nor signatures with the shared secret.
    /// </summary>
    public static readonly string[] Algorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public void Configure(AuthenticationOptions options)
    {
        foreach (var provider in settings.Value.Providers)
        {
            options.AddScheme<OpenIdConnectHandler>(provider.Name, provider.Title);
        }
    }

    public void Configure(OpenIdConnectOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        if (settings.Value.Find(name) is not { } provider)
        {
            return;
        }

        options.TimeProvider = clock;
        options.Authority = provider.Authority;
        options.ClientId = provider.ClientId;
        options.ClientSecret = provider.ClientSecret;
        options.RequireHttpsMetadata = provider.RequireHttpsMetadata;
        options.BackchannelTimeout = TimeSpan.FromSeconds(30);
        options.ResponseType = OpenIdConnectResponseType.Code;
        // Not form_post: browsers don't send SameSite=Lax cookies with a form posted from another site.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        options.Scope.Clear();
        foreach (var scope in provider.RequestedScopes)
        {
            options.Scope.Add(scope);
        }

        options.SignInScheme = IdentityConstants.ExternalScheme;
        options.CallbackPath = provider.CallbackPath;
        options.SignedOutCallbackPath = default;
        options.RemoteSignOutPath = default;
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.Name = "nexllm.sso.";
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.HttpOnly = true;
        }

        options.NonceCookie.Name = "nexllm.sso.nonce.";
        options.TokenValidationParameters = new TokenValidationParameters
        {
            NameClaimType = "name",
            RoleClaimType = "roles",
            ClockSkew = ClockSkew,
            ValidAlgorithms = Algorithms,
            LifetimeValidator = (notBefore, expires, _, _) => IsInTime(notBefore, expires, clock.GetUtcNow().UtcDateTime),
        };
        options.Events = events;
    }

    /// <summary>Uses the application's clock.</summary>
    public static bool IsInTime(DateTime? notBefore, DateTime? expires, DateTime now) =>
        (notBefore is null || notBefore <= now + ClockSkew) && (expires is null || expires > now - ClockSkew);
}
