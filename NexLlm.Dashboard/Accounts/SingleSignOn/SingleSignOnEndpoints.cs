using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Reauthentication;
using NexLlm.Dashboard.Accounts.Sessions;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>
/// The redirects to a provider and back. All of them are links, because the content security policy doesn't allow a form's response to
/// redirect to another site. The callback itself is handled by the framework.
/// </summary>
internal sealed class SingleSignOnEndpoints(
    IOptions<SingleSignOnOptions> settings, SingleSignOnService service, ProviderConnections connections, BackChannelLogOut backChannel, AddressLimiter addresses,
    ReauthenticationService reauthentication, ILogger<SingleSignOnEndpoints> logger)
{
    private const string Account = "/account", FirstPage = "/keys";

    public static void Map(WebApplication app)
    {
        var way = app.MapGroup("/account/sso/{provider}");
        way.MapGet("", (SingleSignOnEndpoints to, HttpContext context, string provider, string? returnUrl) => to.StartAsync(context, provider, returnUrl));
        way.MapGet("/complete", (SingleSignOnEndpoints to, HttpContext context, string provider, string? returnUrl) => to.CompleteAsync(context, provider, returnUrl));
        way.MapGet("/connect", (SingleSignOnEndpoints to, HttpContext context, string provider, string? proof) => to.ConnectAsync(context, provider, proof));
        way.MapGet("/connected", (SingleSignOnEndpoints to, HttpContext context, string provider) => to.ConnectedAsync(context, provider));
        // Called by the provider's server: without a browser or cookies, there is no risk of request forgery.
        way.MapPost("/backchannel-logout", (SingleSignOnEndpoints to, HttpContext context, string provider) => to.LogOutAsync(context, provider)).DisableAntiforgery();
    }

    private async Task<IResult> StartAsync(HttpContext context, string name, string? returnUrl)
    {
        if (settings.Value.Find(name) is not { } provider)
        {
            return Results.NotFound();
        }

        var local = Uri.EscapeDataString(LocalUrl.OrHome(returnUrl));
        return await ChallengeAsync(context, provider, $"{provider.StartPath}/complete?returnUrl={local}", $"{SessionCookie.LogInPath}?returnUrl={local}", session: null);
    }

    private async Task<IResult> CompleteAsync(HttpContext context, string name, string? returnUrl)
    {
        if (await TakeAsync(context, name, session: null) is not { } person)
        {
            return Failed(context, SingleSignOnFailure.Expired, name);
        }

        switch (await service.LogInAsync(ActorOf(context), person, context.Request.Headers.UserAgent, context.RequestAborted))
        {
            case SingleSignOnOutcome.LoggedIn(var login, var isNew):
                await SignIn(context).EnterAsync(login);
                return Results.Redirect(LocalUrl.Within(context.Request.PathBase, isNew && LocalUrl.OrHome(returnUrl) is LocalUrl.Home ? FirstPage : returnUrl));
            case SingleSignOnOutcome.Refused(var failure):
                logger.LogInformation("{Provider} identified somebody who was not let in: {Failure}", name, failure);
                return Failed(context, failure, name);
            default:
                throw new InvalidOperationException("A log-in comes to one of its outcomes.");
        }
    }

    private async Task<IResult> ConnectAsync(HttpContext context, string name, string? proof)
    {
        var actor = ActorOf(context);
        if (settings.Value.Find(name) is not { } provider || !connections.IsProofOf(actor, proof))
        {
            return Results.LocalRedirect("~" + Account);
        }

        // Checked here instead of on the way back, which can't be repeated.
        await reauthentication.RequireAsync(actor, context.RequestAborted);
        return await ChallengeAsync(context, provider, $"{provider.StartPath}/connected", Account, actor.SessionId.ToString());
    }

    private async Task<IResult> ConnectedAsync(HttpContext context, string name)
    {
        var actor = ActorOf(context);
        if (actor.AccountId is null || await TakeAsync(context, name, actor.SessionId.ToString()) is not { } person)
        {
            return Failed(context, SingleSignOnFailure.Expired, name, Account);
        }

        try
        {
            return await connections.ConnectAsync(actor, person, context.RequestAborted) is { } failure
                ? Failed(context, failure, name, Account)
                : Results.LocalRedirect($"~{Account}?done=connected");
        }
        catch (AccessDeniedException)
        {
            return Results.LocalRedirect("~" + SessionCookie.LogInPath);
        }
    }

    private async Task<IResult> LogOutAsync(HttpContext context, string name)
    {
        context.Response.Headers.CacheControl = "no-store";
        var token = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["logout_token"].ToString() : null;
        switch (await backChannel.EndAsync(Actor.Visitor(context.Connection.RemoteIpAddress), name, token, context.RequestAborted))
        {
            case BackChannelOutcome.Ended:
                return Results.Ok();
            case BackChannelOutcome.Refused(var reason):
                return Results.Json(new { error = "invalid_request", error_description = reason }, statusCode: StatusCodes.Status400BadRequest);
            case BackChannelOutcome.TooMany(var wait):
                context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return Results.StatusCode(StatusCodes.Status429TooManyRequests);
            default:
                return Results.NotFound();
        }
    }

    /// <param name="session">The session that connects a provider; null for a login.</param>
    private async Task<IResult> ChallengeAsync(HttpContext context, SingleSignOnProvider provider, string then, string onFailure, string? session)
    {
        if (addresses.Take(AddressAllowance.SingleSignOn, context.Connection.RemoteIpAddress) is not null)
        {
            return Failed(context, SingleSignOnFailure.TooMany, provider.Name, onFailure);
        }

        var properties = SignIn(context).ConfigureExternalAuthenticationProperties(provider.Name, context.Request.PathBase + then, session);
        properties.SetString(ProviderEvents.FailurePathItem, onFailure);
        try
        {
            await context.ChallengeAsync(provider.Name, properties);
            return Results.Empty;
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or IOException or AuthenticationFailureException
            || (failure is OperationCanceledException && !context.RequestAborted.IsCancellationRequested))
        {
            logger.LogWarning("{Provider} cannot be reached for single sign-on: {Reason}", provider.Name, failure.GetBaseException().Message);
            return Failed(context, SingleSignOnFailure.Unavailable, provider.Name, onFailure);
        }
    }

    /// <summary>Returns the identity just confirmed by the provider, and removes its cookie.</summary>
    private async Task<ProviderIdentity?> TakeAsync(HttpContext context, string provider, string? session)
    {
        var info = await SignIn(context).GetExternalLoginInfoAsync(session);
        await context.SignOutAsync(IdentityConstants.ExternalScheme);
        return info is not null && info.LoginProvider == provider && settings.Value.Find(provider) is not null ? ProviderIdentity.Of(info) : null;
    }

    private IResult Failed(HttpContext context, SingleSignOnFailure failure, string provider, string? page = null) =>
        Results.Redirect(context.Request.PathBase + failure.Path(settings.Value.Find(provider)?.Name ?? "", page));

    private static Actor ActorOf(HttpContext context) =>
        context.User.ToActor(context.Connection.RemoteIpAddress) ?? Actor.Visitor(context.Connection.RemoteIpAddress);

    private static AccountSignInManager SignIn(HttpContext context) => context.RequestServices.GetRequiredService<AccountSignInManager>();
}
