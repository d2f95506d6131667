using System.Net.Http.Headers;
using NexLlm.Dashboard.Tests.Accounts;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>The log-in page's form, filled in. It can be submitted any number of times.</summary>
/// <param name="Action">The address that it is sent to.</param>
/// <param name="Body">Percent-encoded.</param>
/// <param name="Cookies">Those that belong to its token.</param>
internal sealed record LogInForm(string Action, byte[] Body, string Cookies)
{
    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Action) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.Add("Cookie", Cookies);
        return request;
    }
}

internal static class LogInForms
{
    public static string CookieHeader(this AccountVisitor visitor, Uri server) => visitor.Cookies.GetCookieHeader(server);

    public static async Task<LogInForm> FillInAsync(this AccountVisitor visitor, Uri server, string email, string password)
    {
        var (action, values) = await visitor.PrepareAsync(People.LogInPath, "log-in", ("Entry.Email", email), ("Entry.Password", password));
        using var content = new FormUrlEncodedContent(values);
        return new LogInForm(action, await content.ReadAsByteArrayAsync(), visitor.CookieHeader(server));
    }
}
