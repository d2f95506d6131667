using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Hosting.Settings;
using NexLlm.Dashboard.Receiving;

namespace NexLlm.Dashboard.Hosting;

/// <summary>What every request passes first, programs' and people's alike: limits of its connection, proxies, the path prefix.</summary>
public static class FrontDoor
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
                // Kestrel is made before the settings are checked; the check then tells of all that is wrong at once.
            }
        });
    }

    public static void UseFrontDoor(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<Step>();
    }

    /// <summary>Made when the server starts, after the settings were checked.</summary>
    private sealed class Step(RequestDelegate next, ForwardedChain chain, UnreadBody unread, IOptions<ServerOptions> server)
    {
        private readonly PathString _pathBase = server.Value.PathBase;

        public Task InvokeAsync(HttpContext context)
        {
            ConnectionLimits.Spoke(context);
            chain.Check(context);
            if (_pathBase.HasValue)
            {
                // Whether or not the proxy takes the prefix off: what the program links to has it.
                context.Request.Path = context.Request.Path.StartsWithSegments(_pathBase, out var rest) ? rest : context.Request.Path;
                context.Request.PathBase = _pathBase;
            }

            return UnreadBody.IsPossible(context.Request) ? RunAndDropAsync(context) : next(context);
        }

        private async Task RunAndDropAsync(HttpContext context)
        {
            await next(context);
            await unread.DropAsync(context);
        }
    }
}
