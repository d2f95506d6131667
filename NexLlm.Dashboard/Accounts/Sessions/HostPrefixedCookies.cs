using Microsoft.AspNetCore.Authentication.Cookies;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Adds the prefix <c>__Host-</c> to cookies over HTTPS, so that browsers don't accept them from a neighboring host or a plain HTTP page.
/// Over plain HTTP, for example on localhost, browsers would drop such cookies. With a path prefix, where other applications share the
/// host, cookies are limited to the path, which requires the prefix <c>__Secure-</c>.
/// </summary>
public sealed class HostPrefixedCookies : ICookieManager
{
    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, Name(context, key), value, Within(context, options));

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, Name(context, key), Within(context, options));

    /// <summary>The name of a cookie in this request and its response.</summary>
    internal static string Name(HttpContext context, string key) => (context.Request.IsHttps, context.Request.PathBase.HasValue) switch
    {
        (true, false) => "__Host-" + key,
        (true, true) => "__Secure-" + key,
        _ => key,
    };

    private static CookieOptions Within(HttpContext context, CookieOptions options) =>
        context.Request.PathBase.HasValue ? new CookieOptions(options) { Path = context.Request.PathBase } : options;
}
