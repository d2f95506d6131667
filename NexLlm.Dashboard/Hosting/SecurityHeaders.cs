using Microsoft.Extensions.Primitives;

namespace NexLlm.Dashboard.Hosting;

/// <summary>The headers of every answer that a person's browser shows, errors and files included.</summary>
internal static class SecurityHeaders
{
    // No page has an inline script, so none needs a nonce. MudBlazor styles its elements inline, and draws signs from data: addresses.
    private static readonly StringValues _contentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the last moment: the error handler empties the answer and starts anew, and Blazor sets a policy of its own.
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
        headers.ContentSecurityPolicy = _contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not no-referrer: that would turn the Origin of our own forms into null.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // A browser keeps it for every port of a host, and on localhost other programs live too.
        if (context.Request.IsHttps && context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        // What a person sees belongs to that person alone; only files that say themselves how long they keep are kept.
        if (headers.CacheControl.Count == 0 || context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true)
        {
            headers.CacheControl = "no-store";
        }
    }
}
