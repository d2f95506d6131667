using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Receiving;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Hosting;

/// <summary>The first middleware of every request, for both the API and the dashboard: connection limits, proxies and the path prefix.</summary>
public static class RequestPipeline
{
    internal static void AddFrontDoor(this IServiceCollection services)
    {
        services.AddSettings<ServerOptions>(ServerOptions.Section);
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        services.AddOptions<AllowedHosts>()
            .Configure<IConfiguration>((hosts, configuration) => hosts.Read(configuration[AllowedHosts.Setting]))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<AllowedHosts>, AllowedHostsValidator>();
        services.Configure<HostFilteringOptions>(framework => framework.AllowedHosts = ["*"]);
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<ForwardedChain>();
        services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>((kestrel, provider) =>
        {
            try
            {
                provider.GetRequiredService<ConnectionLimits>().Configure(kestrel);
            }
            catch (OptionsValidationException)
            {
                // Kestrel is configured before the settings are validated. The validation then reports all errors together.
            }
        });
    }

    public static void UseFrontDoor(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<Step>();
    }

    /// <summary>Created when the server starts, after the settings have been validated.</summary>
    private sealed class Step(RequestDelegate next, ForwardedChain chain, BodyDrain unread, IOptions<ServerOptions> server)
    {
        private readonly PathString _pathBase = server.Value.PathBase;

        public Task InvokeAsync(HttpContext context)
        {
            ConnectionLimits.Spoke(context);
            chain.Check(context);
            if (_pathBase.HasValue)
            {
                // Works whether or not the proxy strips the prefix: generated links contain it.
                context.Request.Path = context.Request.Path.StartsWithSegments(_pathBase, out var rest) ? rest : context.Request.Path;
                context.Request.PathBase = _pathBase;
            }

            return BodyDrain.IsPossible(context.Request) ? RunAndDropAsync(context) : next(context);
        }

        private async Task RunAndDropAsync(HttpContext context)
        {
            await next(context);
            await unread.DropAsync(context);
        }
    }
}
