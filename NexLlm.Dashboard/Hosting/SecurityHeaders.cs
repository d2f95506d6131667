using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace NexLlm.Dashboard.Hosting;

/// <summary>The headers of every answer, errors and files included.</summary>
public static class SecurityHeaders
{
    private static readonly object _nonceItem = new();

    /// <summary>What an inline script of this answer must carry as <c>nonce</c> to run.</summary>
    public static string CspNonce(this HttpContext context) =>
        context.Items[_nonceItem] as string ?? throw new InvalidOperationException("The security headers come first in the pipeline.");

    internal static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Items[_nonceItem] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
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
        headers.ContentSecurityPolicy = ContentSecurityPolicy(context.CspNonce());
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not no-referrer: that would turn the Origin of our own forms into null.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps && context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        // What a person sees belongs to that person alone; only files that say themselves how long they keep are kept.
        if (headers.CacheControl.Count == 0 || context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true)
        {
            headers[HeaderNames.CacheControl] = "no-store";
        }
    }

    // MudBlazor styles its elements inline and draws some of its signs from data: addresses.
    private static string ContentSecurityPolicy(string nonce) =>
        $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
}
