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

/// <summary>Where somebody who logged out here logs out at the provider.</summary>
/// <param name="DisplayName">What people call the provider.</param>
/// <param name="Address">At the provider.</param>
public sealed record LogOutElsewhere(string DisplayName, string Address);

/// <summary>Ends the provider's session after the one here (OpenID Connect RP-Initiated Logout), where the provider can.</summary>
public sealed class ProviderLogOut(
    IDbContextFactory<NexLlmDbContext> contexts, IOptions<SingleSignOnOptions> settings, IOptionsMonitor<OpenIdConnectOptions> schemes, IdTokens tokens,
    IDataProtectionProvider protection, ILogger<ProviderLogOut> logger)
{
    /// <summary>The page that leads on to the provider. A form's answer must not: the content security policy forbids it.</summary>
    internal const string Path = "/account/logged-out";

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("NexLlm.ProviderLogOut.v1").ToTimeLimitedDataProtector();

    /// <summary>The page for the session that is about to end; null if no provider has to know.</summary>
    internal async Task<string?> PageAsync(Guid session, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var provider = await db.Set<LoginSession>().Where(s => s.Id == session).Select(s => s.Provider).SingleOrDefaultAsync(cancellation);
        return settings.Value.Find(provider) is { } known && await EndpointAsync(known, cancellation) is not null
            ? $"{Path}?session={WebEncoders.Base64UrlEncode(_protector.Protect(Encoding.UTF8.GetBytes(session.ToString("N")), _lifetime))}"
            : null;
    }

    /// <summary>Where the page leads on to; null if it is called without a log-out just before.</summary>
    /// <param name="proof">What <see cref="PageAsync"/> put into the page's address.</param>
    /// <param name="returnTo">The address of this site's log-in page, which the provider has registered.</param>
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
            // Logging out here must not wait for a provider that is down.
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
