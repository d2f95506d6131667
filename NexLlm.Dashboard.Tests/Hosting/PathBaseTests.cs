using System.Net;
using System.Text.RegularExpressions;
using NexLlm.Dashboard.Settings;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

/// <summary>The dashboard below a path of a host that it shares.</summary>
public sealed partial class PathBaseTests
{
    private const string HiddenNotice = "<(?=[^>]* data-scheme=\"http\")[^>]* hidden[ =>]";

    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/nexllm")]
    [InlineData("")] // A proxy that takes the prefix off.
    public async Task Every_redirect_link_form_and_cookie_keeps_to_the_prefix(string sent)
    {
        await using var app = CreateApp();
        using var visitor = new AccountVisitor(app);

        Assert.Equal("/nexllm/overview", AccountVisitor.Target(await visitor.GetAsync($"{sent}/")));
        Assert.StartsWith("/nexllm/account/login?", AccountVisitor.Target(await visitor.GetAsync($"{sent}/overview")), StringComparison.Ordinal);
        foreach (var page in (string[])["/account/login", "/account/register"])
        {
            AssertKeepsToPrefix(await visitor.ReadAsync($"{sent}{page}"));
        }

        Assert.Equal("/nexllm/keys", AccountVisitor.Target(await SubmitAsync(visitor, $"{sent}/account/register", "sign-up")));
        Assert.All(
            visitor.Cookies.GetAllCookies(), cookie => Assert.StartsWith("/nexllm", cookie.Path, StringComparison.Ordinal));

        foreach (var page in (string[])["/account", "/account/password", "/account/passkeys", "/account/too-many-tabs", "/keys"])
        {
            AssertKeepsToPrefix(await visitor.ReadAsync($"/nexllm{page}"));
        }

        Assert.Equal("/nexllm/account/login", AccountVisitor.Target(await visitor.SubmitAsync("/nexllm/account", "/nexllm/account/logout")));
        Assert.Equal("/nexllm/logs", AccountVisitor.Target(await LogInAsync(visitor, "/logs")));
        Assert.Equal("/nexllm/account?done=password", AccountVisitor.Target(await visitor.SubmitAsync(
            "/nexllm/account/password", "change-password", ("Entry.Current", AccountVisitor.Password), ("Entry.New", "seven copper kettles singing"))));
    }

    [Fact]
    public async Task The_gateway_the_health_checks_files_and_the_hub_answer_below_it()
    {
        await using var app = CreateApp();
        using var http = app.CreateVisitor();

        foreach (var (path, status) in new (string, HttpStatusCode)[]
        {
            ("/nexllm/healthz", HttpStatusCode.OK), ("/healthz", HttpStatusCode.OK), ("/nexllm/v1/models", HttpStatusCode.Unauthorized),
            ("/nexllm/favicon.svg", HttpStatusCode.OK), ("/nexllm/_framework/blazor.web.js", HttpStatusCode.OK),
            ("/nexllm/_blazor/initializers", HttpStatusCode.Unauthorized),
        })
        {
            using var answer = await http.GetAsync(path, _cancellation);
            Assert.Equal((path, status), (path, answer.StatusCode));
        }
    }

    [Theory]
    [InlineData("nexllm")]
    [InlineData("/nexllm/")]
    [InlineData("//evil.example")]
    [InlineData("/a b")]
    [InlineData("/../x")]
    [InlineData("/")]
    public void What_is_no_path_is_refused(string text)
    {
        var result = new ServerOptionsValidator().Validate(null, new ServerOptions { PathBase = text });

        Assert.Contains("Server:PathBase", result.FailureMessage, StringComparison.Ordinal);
        Assert.True(new ServerOptionsValidator().Validate(null, new ServerOptions { PathBase = "/tools/nexllm" }).Succeeded);
    }

    [Fact]
    public async Task A_proxy_that_is_not_named_is_told_on_the_log_in_page_and_once_in_the_log()
    {
        await using var app = new NexLlmApp();
        using var http = app.CreateVisitor();
        var plain = await http.GetStringAsync("/account/login", _cancellation);
        Assert.Matches(HiddenNotice, plain);

        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "203.0.113.7");
            using var answer = await http.SendAsync(request, _cancellation);
            var told = await answer.Content.ReadAsStringAsync(_cancellation);
            Assert.DoesNotMatch(HiddenNotice, told);
            Assert.Contains("Proxies:Known", told, StringComparison.Ordinal);
        }

        Assert.Single(app.Logs.Lines, line => line.Message.Contains("is not in Proxies:Known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chain_longer_than_the_named_proxies_is_told_once_and_a_right_one_never()
    {
        await using var app = new NexLlmApp { Settings = { ["Proxies:Known:0"] = "127.0.0.1" } };
        using var http = app.CreateVisitor();
        await AskAsync("203.0.113.7");
        Assert.DoesNotContain(app.Logs.Lines, line => line.Message.Contains("X-Forwarded-For", StringComparison.Ordinal));

        await AskAsync("198.51.100.1, 203.0.113.7");
        await AskAsync("198.51.100.1, 203.0.113.7");

        var told = Assert.Single(app.Logs.Lines, line => line.Message.Contains("X-Forwarded-For", StringComparison.Ordinal));
        Assert.Contains("203.0.113.7", told.Message, StringComparison.Ordinal);

        async Task AskAsync(string chain)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
            request.Headers.Add("X-Forwarded-For", chain);
            (await http.SendAsync(request, _cancellation)).Dispose();
        }
    }

    private static void AssertKeepsToPrefix(string html)
    {
        Assert.Contains("<base href=\"/nexllm/\"", html, StringComparison.Ordinal);
        Assert.All(Links().Matches(html), link => Assert.StartsWith("/nexllm/", link.Groups[1].Value, StringComparison.Ordinal));
    }

    private static NexLlmApp CreateApp() => new() { Settings = { ["Server:PathBase"] = "/nexllm" } };

    private static Task<HttpResponseMessage> SubmitAsync(AccountVisitor visitor, string path, string form) =>
        visitor.SubmitAsync(path, form, ("Entry.Email", "ada@example.com"), ("Entry.Password", AccountVisitor.Password));

    private static Task<HttpResponseMessage> LogInAsync(AccountVisitor visitor, string returnUrl) =>
        SubmitAsync(visitor, $"/nexllm/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}", "log-in");

    [GeneratedRegex("(?:href|action|src)=\"(/[^\"]*)\"")]
    private static partial Regex Links();
}
