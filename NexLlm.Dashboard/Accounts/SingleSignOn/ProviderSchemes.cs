using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Makes each provider of the settings a scheme of the framework's OpenID Connect handler, named as the provider is.</summary>
internal sealed class ProviderSchemes(IOptions<SingleSignOnOptions> settings, ProviderEvents events, TimeProvider clock)
    : IConfigureOptions<AuthenticationOptions>, IConfigureNamedOptions<OpenIdConnectOptions>
{
    /// <summary>How far the provider's clock may be off.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>Only signatures that nobody but the provider can make: none, and none by the shared secret.</summary>
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
        // Not form_post: to a form that another site posts, browsers add no cookie that is SameSite=Lax.
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

    /// <summary>By this program's clock.</summary>
    public static bool IsInTime(DateTime? notBefore, DateTime? expires, DateTime now) =>
        (notBefore is null || notBefore <= now + ClockSkew) && (expires is null || expires > now - ClockSkew);
}
