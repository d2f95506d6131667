using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using NexLlm.Dashboard.Hosting.Https;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Adds security headers to all browser responses, including errors and files.</summary>
internal static class SecurityHeaders
{
    // No page has inline scripts, so no nonce is needed. MudBlazor uses inline styles and icons from data: URLs.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri ";

    private static readonly StringValues _policy = Policy + "'none'";

    // Not 'none': Blazor resolves its hub and its routes against the document's base; without one, a page such as /keys/new would connect
    // to /keys/_blazor. An injected base would have no effect: it can't leave this site, and only the first one in a document counts, which
    // is ours (App.razor puts it before any user content).
    private static readonly StringValues _policyOfPages = Policy + "'self'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // Set as late as possible: the error handler clears the response and restarts it, and Blazor sets its own policy.
        context.Response.OnStarting(
            static state =>
            {
                Write((HttpContext)state);
                return Task.CompletedTask;
            },
            context);
        return next(context);
    });

    private static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        var isPage = context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true;
        headers.ContentSecurityPolicy = isPage ? _policyOfPages : _policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not no-referrer, which would set the Origin of our own forms to null.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Browsers apply HSTS to all ports of a host, and other applications also run on localhost.
        if (context.Request.IsHttps && context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            headers.StrictTransportSecurity = context.RequestServices.GetRequiredService<IOptions<HttpsOptions>>().Value.StrictTransportSecurity;
        }

        // Pages are private to the person who sees them. Only files that declare their own lifetime are cached.
        if (headers.CacheControl.Count == 0 || isPage)
        {
            headers.CacheControl = "no-store";
        }
    }
}
