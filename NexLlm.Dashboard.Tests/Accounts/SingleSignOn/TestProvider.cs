using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NexLlm.Dashboard.Tests.TestKit;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

/// <summary>Who is logged in at a provider.</summary>
public sealed record ProviderPerson(string Subject, string? Email, bool? IsVerified = true, params string[] Groups)
{
    public string? SessionId { get; init; }
}

/// <summary>
/// A real OpenID provider on a free port: OpenIddict's server, which keeps to the standards and refuses what does not. Whoever comes is
/// <see cref="Person"/> and agrees.
/// </summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "nexllm", ClientSecret = "the secret of the dashboard";

    private const string LogOutEvent = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>Keys of providers that are gone, for the next: making one takes longer than most tests.</summary>
    private static readonly ConcurrentBag<RSA> _spareKeys = [];

    private readonly WebApplication _server;
    private readonly TimeProvider _clock;

    private TestProvider(WebApplication server, TimeProvider clock, RsaSecurityKey key) => (_server, _clock, Key) = (server, clock, key);

    /// <summary>Who is logged in there; null refuses.</summary>
    public ProviderPerson? Person { get; set; }

    /// <summary>Whether the ID token leaves out all but who it is, and the rest has to be asked for.</summary>
    public bool TellsLater { get; set; }

    /// <summary>Replaces the ID token on its way.</summary>
    public Func<JsonWebToken, string>? Tamper { get; set; }

    /// <summary>What it was asked to log out, to the last parameter.</summary>
    public ConcurrentQueue<OpenIddictRequest> LogOuts { get; } = [];

    public RsaSecurityKey Key { get; }

    /// <summary>At another address than the dashboard's, so that browsers see two sites.</summary>
    public string Authority => _server.Urls.Single();

    public string Issuer => Authority + "/";

    public static async Task<TestProvider> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.2:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock);
        builder.Services.AddAuthentication();
        TestProvider provider = null!;
        var key = new RsaSecurityKey(_spareKeys.TryTake(out var spare) ? spare : RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo").SetEndSessionEndpointUris("log-out");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(Scopes.Email, Scopes.Profile);
            server.AddSigningKey(key).AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.RedirectUri?.EndsWith("/callback", StringComparison.Ordinal) is not true)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }));
            server.AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(_ => default));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (provider.Person is { } person)
                {
                    context.SignIn(provider.Principal(person, context.Request));
                }
                else
                {
                    context.Reject(Errors.AccessDenied, "Not today.");
                }

                return default;
            }));
            server.AddEventHandler<HandleEndSessionRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                provider.LogOuts.Enqueue(context.Request);
                context.SignOut();
                return default;
            }));
            server.AddEventHandler<HandleUserInfoRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                context.Email = provider.Person?.Email;
                context.EmailVerified = provider.Person?.IsVerified;
                if (provider.Person?.Groups is { Length: > 0 } groups)
                {
                    context.Claims["groups"] = new OpenIddictParameter(JsonSerializer.SerializeToElement(groups));
                }

                return default;
            }));
            server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.SetOrder(int.MinValue).UseInlineHandler(context =>
            {
                if (context.Response.IdToken is { } token && provider.Tamper is { } tamper)
                {
                    context.Response.IdToken = tamper(new JsonWebToken(token));
                }

                return default;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        provider = new TestProvider(app, clock, key);
        await app.StartAsync();
        return provider;
    }

    /// <summary>Adds it to the dashboard's settings.</summary>
    public void Configure(NexLlmApp app, string name, params (string Setting, string Value)[] more)
    {
        foreach (var (setting, value) in ((string, string)[])
            [
                ("DisplayName", $"{char.ToUpperInvariant(name[0])}{name[1..]} Login"), ("Authority", Authority), ("RequireHttpsMetadata", "false"),
                ("ClientId", ClientId), ("ClientSecret", ClientSecret), .. more,
            ])
        {
            app.Settings[$"SingleSignOn:Providers:{name}:{setting}"] = value;
        }
    }

    /// <summary>A log-out token as the standard has it, or changed.</summary>
    public string LogOutToken(Action<Dictionary<string, object>>? change = null, SigningCredentials? credentials = null, string? type = "logout+jwt")
    {
        var now = _clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(2).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
            ["events"] = new Dictionary<string, object> { [LogOutEvent] = new Dictionary<string, object>() },
            ["sub"] = Person?.Subject ?? "",
        };
        change?.Invoke(claims);
        return Sign(claims, credentials ?? Credentials, type);
    }

    public SigningCredentials Credentials => new(Key, SecurityAlgorithms.RsaSha256);

    /// <summary>Any token, by the provider's key or another.</summary>
    public static string Sign(Dictionary<string, object> claims, SigningCredentials? credentials, string? type = "JWT") => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
        .CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = credentials, TokenType = type });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _spareKeys.Add(Key.Rsa);
    }

    private ClaimsPrincipal Principal(ProviderPerson person, OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("test");
        identity.AddClaim(new Claim(Claims.Subject, person.Subject));
        if (person.Email is not null)
        {
            identity.AddClaim(new Claim(Claims.Email, person.Email));
        }

        if (person.IsVerified is { } verified)
        {
            identity.AddClaim(new Claim(Claims.EmailVerified, verified ? "true" : "false", ClaimValueTypes.Boolean));
        }

        if (person.SessionId is not null)
        {
            identity.AddClaim(new Claim("sid", person.SessionId));
        }

        identity.AddClaims(person.Groups.Select(group => new Claim("groups", group)));
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(request.GetScopes());
        principal.SetDestinations(claim => TellsLater && claim.Type is not ("sub" or "sid")
            ? [Destinations.AccessToken]
            : [Destinations.AccessToken, Destinations.IdentityToken]);
        return principal;
    }
}
