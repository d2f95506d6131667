using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

public sealed class SecurityHeadersTests(SecurityHeadersTests.App app) : IClassFixture<SecurityHeadersTests.App>
{
    [Theory]
    [InlineData("GET", "/account/login", HttpStatusCode.OK)]
    [InlineData("GET", "/keys", HttpStatusCode.Found)]
    [InlineData("GET", "/no-such-page", HttpStatusCode.NotFound)]
    [InlineData("POST", "/no-such-page", HttpStatusCode.NotFound)]
    [InlineData("POST", "/account/login", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/account/login", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/fails", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "/fails", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/_framework/blazor.web.js", HttpStatusCode.OK)]
    [InlineData("GET", "/_content/MudBlazor/MudBlazor.min.css", HttpStatusCode.OK)]
    [InlineData("GET", "/healthz", HttpStatusCode.OK)]
    [InlineData("GET", "/readyz", HttpStatusCode.OK)]
    public async Task Every_kind_of_answer_carries_them(string method, string path, HttpStatusCode status)
    {
        using var answer = await SendAsync(method, path);

        Assert.Equal(status, answer.StatusCode);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy")).Split("; ");
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Contains(answer.Content.Headers.ContentType?.MediaType is "text/html" ? "base-uri 'self'" : "base-uri 'none'", policy);
        Assert.Contains("object-src 'none'", policy);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", Header(answer, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.NotEmpty(Header(answer, "Cache-Control"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/keys")]
    [InlineData("/no-such-page")]
    [InlineData("/fails")]
    public async Task No_page_is_kept_by_any_cache(string path)
    {
        using var answer = await SendAsync("GET", path);

        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/no-such-page")]
    [InlineData("/fails")]
    public async Task The_only_base_of_a_page_comes_before_every_address_and_every_word_of_the_page(string path)
    {
        using var answer = await SendAsync("GET", path);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var own = page.IndexOf("<base href=\"/\"", StringComparison.Ordinal);
        Assert.True(own > 0);
        Assert.Equal(own, page.LastIndexOf("<base", StringComparison.OrdinalIgnoreCase));
        foreach (var later in (string[])[" src=", "<link", "<title", "<body"])
        {
            Assert.True(page.IndexOf(later, StringComparison.Ordinal) > own, later);
        }
    }

    [Fact]
    public async Task A_failure_shows_a_page_without_its_cause()
    {
        using var answer = await SendAsync("GET", "/fails");
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("<h1>Something went wrong</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret detail", page, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperationException", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_misses_a_page_gets_one_that_says_so_and_a_program_gets_a_line()
    {
        using var page = await SendAsync("GET", "/no-such-page");
        Assert.Contains("Page not found", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var line = await SendAsync("GET", "/no-such-page", accept: "application/json");
        Assert.Equal("text/plain", line.Content.Headers.ContentType!.MediaType);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string accept = "text/html")
    {
        using var client = app.CreateVisitor();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd(accept);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        string.Join(", ", answer.Headers.TryGetValues(name, out var values) ? values : []);

    public sealed class App : NexLlmApp
    {
        public App() => ConfigureServices = services => services.AddSingleton<IStartupFilter, Failing>();

        /// <summary>Behind everything the program maps, so that what fails here fails as a page would.</summary>
        private sealed class Failing : IStartupFilter
        {
            public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
            {
                next(app);
                app.Use((HttpContext context, RequestDelegate otherwise) => context.Request.Path == "/fails"
                    ? throw new InvalidOperationException("secret detail")
                    : otherwise(context));
            };
        }
    }
}
