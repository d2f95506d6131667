using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Hosting.Failure;
using NexLlm.Dashboard.Hosting.Https;
using NexLlm.Dashboard.Hosting.Protection;
using NexLlm.Dashboard.Receiving;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Hosting;

public static class HostingSetup
{
    public static void AddHosting(this IServiceCollection services)
    {
        services.AddSettings<ProxyOptions>(ProxyOptions.Section);
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyValidator>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((options, proxies) => Proxies.Trust(options, proxies.Value));
        services.AddFrontDoor();
        services.AddHttps();
        services.AddReceiving();
        services.AddProtection();
        services.AddHealth();
        services.AddProcessFailure();
        // Files are compressed at build time, but not at the fingerprinted URLs of a package's files. Compression is also safe for pages
        // over HTTPS: no secret stays the same across responses (tokens are encrypted each time), so response lengths reveal nothing.
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
        });
    }

    /// <summary>The middleware that only dashboard responses need. Routing starts here, so that earlier middleware doesn't pay for it.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseAllowedHosts();
        app.UseResponseCompression();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePages();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use(async (context, next) =>
        {
            await next(context);
            // The page is for people who followed a broken link. Scripts, API clients and other statuses get the plain line from above.
            if (context.Response.StatusCode is not StatusCodes.Status404NotFound || !WantsPage(context))
            {
                context.Features.Get<IStatusCodePagesFeature>()!.Enabled = false;
            }
        });
        app.UseFormLimits();
        app.UseRouting();
    }

    private static bool WantsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
