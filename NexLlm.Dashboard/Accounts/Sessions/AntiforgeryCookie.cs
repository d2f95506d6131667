using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Adds the prefixes of <see cref="HostPrefixedCookies"/> to the antiforgery cookie. Antiforgery doesn't support a cookie manager and uses
/// one name for all requests, so this class translates between that name and the name browsers see.
/// </summary>
internal static class AntiforgeryCookie
{
    public const string Name = "nexllm.form";

    public static void UsePrefixedFormCookie(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var name = HostPrefixedCookies.Name(context, Name);
        if (name != Name)
        {
            context.Request.Cookies = new Sent(context.Request.Cookies, name);
            context.Features.Set<IResponseCookiesFeature>(new Answered(context.Response.Cookies, name));
        }

        return next(context);
    });

    /// <summary>Hides a cookie with the unprefixed name, which a neighboring host may have set.</summary>
    private sealed class Sent(IRequestCookieCollection cookies, string name) : IRequestCookieCollection
    {
        public int Count => cookies.Count;

        public ICollection<string> Keys => cookies.Keys;

        public string? this[string key] => cookies[NameOf(key)];

        public bool ContainsKey(string key) => cookies.ContainsKey(NameOf(key));

        public bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => cookies.TryGetValue(NameOf(key), out value);

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => cookies.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private string NameOf(string key) => key == Name ? name : key;
    }

    private sealed class Answered(IResponseCookies cookies, string name) : IResponseCookies, IResponseCookiesFeature
    {
        public IResponseCookies Cookies => this;

        public void Append(string key, string value) => cookies.Append(NameOf(key), value);

        public void Append(string key, string value, CookieOptions options) => cookies.Append(NameOf(key), value, options);

        public void Delete(string key) => cookies.Delete(NameOf(key));

        public void Delete(string key, CookieOptions options) => cookies.Delete(NameOf(key), options);

        private string NameOf(string key) => key == Name ? name : key;
    }
}
