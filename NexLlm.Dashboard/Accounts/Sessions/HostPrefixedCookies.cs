using Microsoft.AspNetCore.Authentication.Cookies;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Gives cookies the prefix <c>__Host-</c> on https, by which browsers refuse to let a neighbouring host or a plain-http
/// page set them. On plain http, as on localhost, browsers would drop such a cookie. Below a path prefix, where other programs share
/// the host, cookies keep to it: that takes the prefix <c>__Secure-</c>.
/// </summary>
public sealed class HostPrefixedCookies : ICookieManager
{
    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, Name(context, key), value, Within(context, options));

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, Name(context, key), Within(context, options));

    /// <summary>What a cookie is called in this request and its answer.</summary>
    internal static string Name(HttpContext context, string key) => (context.Request.IsHttps, context.Request.PathBase.HasValue) switch
    {
        (true, false) => "__Host-" + key,
        (true, true) => "__Secure-" + key,
        _ => key,
    };

    private static CookieOptions Within(HttpContext context, CookieOptions options) =>
        context.Request.PathBase.HasValue ? new CookieOptions(options) { Path = context.Request.PathBase } : options;
}
