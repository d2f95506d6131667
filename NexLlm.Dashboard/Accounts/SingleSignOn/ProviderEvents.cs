using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>Extends the framework's OpenID Connect handler and redirects people after failures.</summary>
internal sealed class ProviderEvents(IOptions<SingleSignOnOptions> settings, ILogger<ProviderEvents> logger) : OpenIdConnectEvents
{
    /// <summary>The page to redirect to when the provider login fails.</summary>
    internal const string FailurePathItem = "nexllm:failure-path";

    private const string IssuerSupport = "authorization_response_iss_parameter_supported";

    /// <summary>If the response names its issuer, it must be the provider that was asked (RFC 9207).</summary>
    public override async Task MessageReceived(MessageReceivedContext context)
    {
        var configuration = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        var isPromised = configuration.AdditionalData.TryGetValue(IssuerSupport, out var supported) && supported is true or JsonElement { ValueKind: JsonValueKind.True };
        if (context.ProtocolMessage.Iss is { } issuer ? issuer != configuration.Issuer : isPromised)
        {
            context.Fail("The answer names another issuer than the provider's.");
        }
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        if (context.TokenEndpointResponse?.IdToken is { } token && ProviderIdentity.Fits(token))
        {
            context.Properties!.SetString(ProviderIdentity.IdTokenItem, token);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Adds claims that are missing from the ID token. The email and its verified flag belong together and are taken from the same source.
    /// </summary>
    public override Task UserInformationReceived(UserInformationReceivedContext context)
    {
        var provider = settings.Value.Find(context.Scheme.Name)!;
        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        var told = identity.Claims.Select(c => c.Type).ToHashSet();
        var isSameAddress = !told.Contains(provider.EmailClaim)
            || (context.User.RootElement.TryGetProperty(provider.EmailClaim, out var email) && identity.HasClaim(provider.EmailClaim, email.ToString()));
        foreach (var member in context.User.RootElement.EnumerateObject())
        {
            if (!told.Contains(member.Name) && (isSameAddress || member.Name != provider.EmailVerifiedClaim))
            {
                identity.AddClaims(Values(member.Value).Select(value => new Claim(member.Name, value)));
            }
        }

        return Task.CompletedTask;
    }

    public override Task TicketReceived(TicketReceivedContext context)
    {
        context.Principal = ProviderIdentity.Reduce(settings.Value.Find(context.Scheme.Name)!, context.Principal!);
        return Task.CompletedTask;
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.HandleResponse();
        Lead(context.HttpContext, context.Scheme.Name, context.Properties, SingleSignOnFailure.Cancelled);
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        context.HandleResponse();
        var failure = Kind(context);
        // Exceptions of the framework and its token library don't include tokens.
        logger.LogWarning(
            "Single sign-on with {Provider} failed ({Failure}): {Reason}", context.Scheme.Name, failure, context.Failure?.GetBaseException().Message);
        Lead(context.HttpContext, context.Scheme.Name, context.Properties, failure);
        return Task.CompletedTask;
    }

    private static SingleSignOnFailure Kind(RemoteFailureContext context) => context.Failure?.GetBaseException() switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException => SingleSignOnFailure.Clock,
        HttpRequestException or IOException or OperationCanceledException => SingleSignOnFailure.Unavailable,
        // Responses that can't be matched to a login started in this browser have no properties.
        _ when context.Properties is null => SingleSignOnFailure.Expired,
        AuthenticationFailureException { Message: "Correlation failed." } => SingleSignOnFailure.Expired,
        OpenIdConnectProtocolInvalidNonceException => SingleSignOnFailure.Expired,
        _ => SingleSignOnFailure.Failed,
    };

    private static void Lead(HttpContext context, string provider, AuthenticationProperties? properties, SingleSignOnFailure failure) =>
        context.Response.Redirect(context.Request.PathBase + failure.Path(provider, properties?.GetString(FailurePathItem)));

    private static IEnumerable<string> Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select(v => v.ToString()),
        JsonValueKind.True => ["true"],
        JsonValueKind.False => ["false"],
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.Object => [],
        _ => [value.ToString()],
    };
}
