using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using NexLlm.Dashboard.Hosting.Https;

namespace NexLlm.Dashboard.Hosting;

/// <summary>The headers of every answer that a person's browser shows, errors and files included.</summary>
internal static class SecurityHeaders
{
    // No page has an inline script, so none needs a nonce. MudBlazor styles its elements inline, and draws signs from data: addresses.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri ";

    private static readonly StringValues _policy = Policy + "'none'";

    // Not 'none': Blazor finds its hub and its routes by the document's base, and without one asks at /keys/_blazor for a page such
    // as /keys/new. A base that somebody smuggled in would change nothing: it stays on this site, and only a document's first
    // counts, which is ours (App.razor has it before anything that comes from people).
    private static readonly StringValues _policyOfPages = Policy + "'self'";

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
        var isPage = context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true;
        headers.ContentSecurityPolicy = isPage ? _policyOfPages : _policy;
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
            headers.StrictTransportSecurity = context.RequestServices.GetRequiredService<IOptions<HttpsOptions>>().Value.StrictTransportSecurity;
        }

        // What a person sees belongs to that person alone; only files that say themselves how long they keep are kept.
        if (headers.CacheControl.Count == 0 || isPage)
        {
            headers.CacheControl = "no-store";
        }
    }
}
