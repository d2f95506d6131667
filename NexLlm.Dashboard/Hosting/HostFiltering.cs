using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Rejects dashboard requests with a host name that isn't allowed. The gateway does the same for API requests.</summary>
internal static class HostFiltering
{
    public static void UseAllowedHosts(this IApplicationBuilder app) => app.UseMiddleware<Step>();

    /// <summary>Created when the server starts, after the settings have been validated.</summary>
    private sealed class Step(RequestDelegate next, IOptions<AllowedHosts> hosts)
    {
        public Task InvokeAsync(HttpContext context)
        {
            if (hosts.Value.Allow(context.Request) || Health.IsAsked(context.Request))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(
                $"This server doesn't answer to the host \"{context.Request.Host.Host}\". Use its own address, or add the host to {AllowedHosts.Setting}.", context.RequestAborted);
        }
    }
}
