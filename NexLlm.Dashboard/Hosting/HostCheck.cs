using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Hosting.Settings;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Turns away browsers that call the dashboard by a host that is not its own. The gateway does the same for programs.</summary>
internal static class HostCheck
{
    public static void UseAllowedHosts(this IApplicationBuilder app) => app.UseMiddleware<Step>();

    /// <summary>Made when the server starts, after the settings were checked.</summary>
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
