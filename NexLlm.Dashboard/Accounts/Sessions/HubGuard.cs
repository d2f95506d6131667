using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Stands before Blazor's hub, which by itself lets anybody in: only people who are logged in, only from pages of this
/// very origin, only so many tabs, and only over WebSockets, whose ends are known.
/// </summary>
internal sealed class HubGuard(RequestDelegate next, TabAdmission tabs, ILogger<HubGuard> logger)
{
    public const string TooManyTabsPath = "/account/too-many-tabs";

    private static readonly PathString _hub = "/_blazor";

    public Task InvokeAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments(_hub) ? GuardAsync(context)
        : NeedsTab(context) && context.User.ToActor(context.Connection.RemoteIpAddress) is { AccountId: not null } actor ? ShowAsync(context, actor)
        : next(context);

    private async Task ShowAsync(HttpContext context, Actor actor)
    {
        // A page that could not open its tab's connection would look alive and do nothing.
        if (await tabs.RefusesAsync(actor, context.RequestAborted) is not null)
        {
            context.Response.Redirect(context.Request.PathBase + TooManyTabsPath);
            return;
        }

        await next(context);
    }

    private async Task GuardAsync(HttpContext context)
    {
        if (context.User.ToActor(context.Connection.RemoteIpAddress) is not { AccountId: { } account } actor)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (!IsSameOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else if (IsWebSocket(context.Request))
        {
            var (connection, refusal) = await tabs.OpenAsync(actor, context.Abort, context.RequestAborted);
            using (connection)
            {
                context.Features.Set(connection);
                await (connection is null ? RefuseAsync(context, account, refusal!.Value) : next(context));
            }
        }
        else if (context.Request.Path.Value!.TrimEnd('/').Equals(_hub.Value, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else if (IsNegotiation(context.Request) && await tabs.RefusesAsync(actor, context.RequestAborted) is { } full)
        {
            await RefuseAsync(context, account, full);
        }
        else
        {
            await next(context);
        }
    }

    private Task RefuseAsync(HttpContext context, long account, LiveConnections.Refusal refusal)
    {
        logger.LogWarning("Account {AccountId} was denied another tab: {Refusal}", account, refusal);
        context.Response.StatusCode = refusal switch
        {
            LiveConnections.Refusal.AccountFull or LiveConnections.Refusal.AddressFull => StatusCodes.Status429TooManyRequests,
            LiveConnections.Refusal.ServerFull => StatusCodes.Status503ServiceUnavailable,
        };
        return Task.CompletedTask;
    }

    /// <summary>Browsers name the origin at every WebSocket and every POST; only plain reads of the same site leave it out.</summary>
    private bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var own = $"{request.Scheme}://{request.Host.Value}";
        if (origin is "")
        {
            return HttpMethods.IsGet(request.Method) && !IsWebSocket(request);
        }

        var isSame = origin.Equals(own, StringComparison.OrdinalIgnoreCase);
        if (!isSame)
        {
            logger.LogWarning(
                "Rejected a connection to {Own} from a page of {Origin}. If both are this dashboard behind a proxy, add the proxy to the settings",
                origin.ReplaceLineEndings(" "), own);
        }

        return isSame;
    }

    private static bool IsWebSocket(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method) || request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private static bool IsNegotiation(HttpRequest request) => request.Path.Value!.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase);

    private static bool NeedsTab(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<ComponentTypeMetadata>() is not null
        && metadata.GetMetadata<ExcludeFromInteractiveRoutingAttribute>() is null;
}
