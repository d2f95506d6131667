using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Where a person who logged out here can also log out at the provider.</summary>
/// <param name="DisplayName">The provider's display name.</param>
/// <param name="Address">The URL at the provider.</param>
public sealed record LogOutElsewhere(string DisplayName, string Address);

/// <summary>Ends the provider's session after this one (OpenID Connect RP-Initiated Logout), if the provider supports it.</summary>
public sealed class ProviderLogOut(
    IDbContextFactory<NexLlmDbContext> contexts, IOptions<SingleSignOnOptions> settings, IOptionsMonitor<OpenIdConnectOptions> schemes, IdTokens tokens,
    IDataProtectionProvider protection, ILogger<ProviderLogOut> logger)
{
    /// <summary>The page that redirects to the provider. The content security policy doesn't allow a form's response to do so.</summary>
    internal const string Path = "/account/logged-out";

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("NexLlm.ProviderLogOut.v1").ToTimeLimitedDataProtector();

    /// <summary>Returns the page for the session that is about to end; null if no provider is involved.</summary>
    internal async Task<string?> PageAsync(Guid session, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var provider = await db.Set<LoginSession>().Where(s => s.Id == session).Select(s => s.Provider).SingleOrDefaultAsync(cancellation);
        return settings.Value.Find(provider) is { } known && await EndpointAsync(known, cancellation) is not null
            ? $"{Path}?session={WebEncoders.Base64UrlEncode(_protector.Protect(Encoding.UTF8.GetBytes(session.ToString("N")), _lifetime))}"
            : null;
    }

    /// <summary>The redirect target of the page; null if there was no logout just before.</summary>
    /// <param name="proof">The value that <see cref="PageAsync"/> added to the page's URL.</param>
    /// <param name="returnTo">The URL of the login page, as registered with the provider.</param>
    internal async Task<LogOutElsewhere?> FindAsync(string? proof, string returnTo, CancellationToken cancellation)
    {
        if (Session(proof) is not { } id)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var session = await db.Set<LoginSession>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.EndedAt != null, cancellation);
        if (settings.Value.Find(session?.Provider) is not { } provider || await EndpointAsync(provider, cancellation) is not { } endpoint)
        {
            return null;
        }

        return new LogOutElsewhere(provider.Title, QueryHelpers.AddQueryString(endpoint, new Dictionary<string, string?>
        {
            ["client_id"] = provider.ClientId,
            ["post_logout_redirect_uri"] = returnTo,
            ["id_token_hint"] = tokens.Read(session!.ProtectedIdToken),
        }.Where(parameter => parameter.Value is not null)));
    }

    private async Task<string?> EndpointAsync(SingleSignOnProvider provider, CancellationToken cancellation)
    {
        try
        {
            var configuration = await schemes.Get(provider.Name).ConfigurationManager!.GetConfigurationAsync(cancellation);
            return Uri.TryCreate(configuration.EndSessionEndpoint, UriKind.Absolute, out var address)
                && (address.Scheme is "https" || (!provider.RequireHttpsMetadata && address.IsLoopback))
                ? configuration.EndSessionEndpoint
                : null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or HttpRequestException)
        {
            // Logging out here must not wait for an unavailable provider.
            logger.LogWarning("{Provider} cannot be asked where to log out: {Reason}", provider.Name, failure.GetBaseException().Message);
            return null;
        }
    }

    private Guid? Session(string? proof)
    {
        try
        {
            return proof is not null && Guid.TryParse(Encoding.UTF8.GetString(_protector.Unprotect(WebEncoders.Base64UrlDecode(proof))), out var id) ? id : null;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
