using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Guards Blazor's hub, which accepts everyone by default: only logged-in people, only from pages of this exact origin, a limited number of
/// tabs, and only WebSockets, whose end is detectable.
/// </summary>
internal sealed class HubGuard(RequestDelegate next, TabLimitFilter tabs, ILogger<HubGuard> logger)
{
    public const string TooManyTabsPath = "/account/too-many-tabs";

    private static readonly PathString _hub = "/_blazor";

    public Task InvokeAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments(_hub) ? GuardAsync(context)
        : NeedsTab(context) && context.User.ToActor(context.Connection.RemoteIpAddress) is { AccountId: not null } actor ? ShowAsync(context, actor)
        : next(context);

    private async Task ShowAsync(HttpContext context, Actor actor)
    {
        // Without its connection, a page would look normal but do nothing.
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

    private Task RefuseAsync(HttpContext context, long account, LiveConnections.Rejection refusal)
    {
        logger.LogWarning("Account {AccountId} was denied another tab: {Rejection}", account, refusal);
        context.Response.StatusCode = refusal switch
        {
            LiveConnections.Rejection.AccountFull or LiveConnections.Rejection.AddressFull => StatusCodes.Status429TooManyRequests,
            LiveConnections.Rejection.ServerFull => StatusCodes.Status503ServiceUnavailable,
        };
        return Task.CompletedTask;
    }

    /// <summary>Browsers send the origin with every WebSocket and POST request; they omit it only for plain same-site GET requests.</summary>
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
