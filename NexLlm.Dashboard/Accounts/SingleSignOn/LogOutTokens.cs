using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>The content of a validated logout token.</summary>
/// <param name="Id">The <c>jti</c> claim.</param>
/// <param name="IssuedAt">The time of issue; the token applies only to sessions started before.</param>
/// <param name="Subject">The person who logged out; null if the token names only a session.</param>
/// <param name="SessionId">The provider's session; null for all sessions of the person.</param>
internal sealed record LogOutToken(string Id, DateTimeOffset IssuedAt, string? Subject, string? SessionId);

/// <summary>A logout token is invalid.</summary>
/// <param name="message">The reason, for the person who configures the provider. Contains nothing from the token.</param>
internal sealed class LogOutTokenException(string message) : Exception(message);

/// <summary>Validates logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6).</summary>
public sealed class LogOutTokens(IOptionsMonitor<OpenIdConnectOptions> schemes, TimeProvider clock)
{
    private const string LogOutEvent = "http://schemas.openid.net/event/backchannel-logout";

    private const int MaxId = 256;

    /// <summary>Older tokens are rejected, which bounds the number of remembered tokens.</summary>
    private static readonly TimeSpan _maxAge = TimeSpan.FromMinutes(10);

    private readonly JsonWebTokenHandler _handler = new();
    private readonly ConcurrentDictionary<(string Provider, string Id), DateTimeOffset> _seenUntil = new();

    /// <exception cref="LogOutTokenException">The token is forged, expired, already used, or not a logout token.</exception>
    internal async Task<LogOutToken> ProveAsync(SingleSignOnProvider provider, string token, CancellationToken cancellation)
    {
        var proven = await ValidateAsync(provider, token, cancellation);
        if (proven.Typ is not (null or "") && !proven.Typ.Equals("JWT", StringComparison.OrdinalIgnoreCase) && !proven.Typ.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase))
        {
            throw new LogOutTokenException("The token's type is not logout+jwt.");
        }

        // Only an ID token has a nonce; it must not be accepted as a logout token.
        if (proven.TryGetPayloadValue<object>("nonce", out _))
        {
            throw new LogOutTokenException("A log-out token has no nonce.");
        }

        if (!proven.TryGetPayloadValue<JsonElement>("events", out var events) || events.ValueKind is not JsonValueKind.Object
            || !events.TryGetProperty(LogOutEvent, out var ended) || ended.ValueKind is not JsonValueKind.Object)
        {
            throw new LogOutTokenException("The token's events do not include back-channel log-out.");
        }

        var now = clock.GetUtcNow();
        if (!proven.TryGetPayloadValue<long>("iat", out _) || new DateTimeOffset(proven.IssuedAt, TimeSpan.Zero) is var issued
            && (issued > now + ProviderSchemes.ClockSkew || issued < now - _maxAge))
        {
            throw new LogOutTokenException("The token's iat is missing, in the future or too old. Compare the clocks.");
        }

        var (subject, session) = (Text(proven, "sub"), Text(proven, "sid"));
        if (subject is null && session is null)
        {
            throw new LogOutTokenException("The token names neither sub nor sid.");
        }

        return proven.Id is { Length: > 0 and <= MaxId } id
            ? new LogOutToken(id, new DateTimeOffset(proven.IssuedAt, TimeSpan.Zero), subject, session)
            : throw new LogOutTokenException("The token has no jti.");
    }

    /// <summary>Marks the token as used. Returns false if it already was.</summary>
    internal bool TryUse(SingleSignOnProvider provider, LogOutToken token)
    {
        var now = clock.GetUtcNow();
        foreach (var old in _seenUntil.Where(seen => seen.Value < now))
        {
            _seenUntil.TryRemove(old);
        }

        return _seenUntil.TryAdd((provider.Name, token.Id), token.IssuedAt + _maxAge);
    }

    /// <summary>Makes the token usable again because its request failed.</summary>
    internal void GiveBack(SingleSignOnProvider provider, LogOutToken token) => _seenUntil.TryRemove((provider.Name, token.Id), out _);

    private async Task<JsonWebToken> ValidateAsync(SingleSignOnProvider provider, string token, CancellationToken cancellation)
    {
        var manager = schemes.Get(provider.Name).ConfigurationManager!;
        try
        {
            var result = await _handler.ValidateTokenAsync(token, Parameters(provider, await manager.GetConfigurationAsync(cancellation)));
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            {
                // The provider may have rotated its keys. The manager refreshes them at most every few minutes.
                manager.RequestRefresh();
                result = await _handler.ValidateTokenAsync(token, Parameters(provider, await manager.GetConfigurationAsync(cancellation)));
            }

            return result.IsValid ? (JsonWebToken)result.SecurityToken : throw new LogOutTokenException(Reason(result.Exception));
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new LogOutTokenException("The provider's keys could not be read.");
        }
    }

    private TokenValidationParameters Parameters(SingleSignOnProvider provider, OpenIdConnectConfiguration configuration) => new()
    {
        ValidIssuer = configuration.Issuer,
        ValidAudience = provider.ClientId,
        IssuerSigningKeys = configuration.SigningKeys,
        ValidAlgorithms = ProviderSchemes.Algorithms,
        RequireExpirationTime = false,
        LifetimeValidator = (notBefore, expires, _, _) => ProviderSchemes.IsInTime(notBefore, expires, clock.GetUtcNow().UtcDateTime),
    };

    private static string Reason(Exception failure) => failure switch
    {
        SecurityTokenInvalidIssuerException => "The token is another issuer's.",
        SecurityTokenInvalidAudienceException => "The token is for another client.",
        SecurityTokenInvalidLifetimeException => "The token is expired or not valid yet. Compare the clocks.",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException or SecurityTokenSignatureKeyNotFoundException =>
            "The token is not signed by the provider.",
        _ => "The token cannot be read.",
    };

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var text) && text is { Length: > 0 } ? text : null;
}
