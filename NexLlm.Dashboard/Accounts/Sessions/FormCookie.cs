using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Gives the antiforgery cookie the prefixes of <see cref="HostPrefixedCookies"/>. Antiforgery takes no cookie manager, and one name for
/// all requests; so it reads and writes by that name, and what browsers see is another.
/// </summary>
internal static class FormCookie
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

    /// <summary>A cookie by the plain name, which a neighbour may have set, is none.</summary>
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
