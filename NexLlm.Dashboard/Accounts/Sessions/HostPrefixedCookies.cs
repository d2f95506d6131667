using Microsoft.AspNetCore.Authentication.Cookies;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Gives cookies the prefix <c>__Host-</c> on https, by which browsers refuse to let a neighbouring host or a plain-http
/// page set them. On plain http, as on localhost, browsers would drop such a cookie.
/// </summary>
public sealed class HostPrefixedCookies : ICookieManager
{
    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, Name(context, key), options);

    private static string Name(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
}
