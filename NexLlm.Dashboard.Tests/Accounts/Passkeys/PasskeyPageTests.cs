using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passkeys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Passkeys;

/// <summary>The pages and what their script asks for, over HTTP.</summary>
public sealed partial class PasskeyPageTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private const string Button = "Log in with a passkey";

    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private static int _visitors;

    private Uri Localhost => new UriBuilder(app.Address) { Host = "localhost" }.Uri;

    [Fact]
    public async Task A_passkey_that_was_added_on_its_page_logs_in_on_the_log_in_page_and_leads_on()
    {
        using var person = Visitor();
        using var authenticator = new SoftwareAuthenticator(Localhost.ToString().TrimEnd('/'));
        await person.SignUpAsync("pages@example.com");
        var (page, values) = await person.PrepareAsync("/account/passkeys", "add-passkey");
        values["Made.Credential"] = authenticator.Create(await AskAsync(person, "/account/passkeys/new", values));
        values["Made.Name"] = "Work laptop";
        Assert.Equal("/account/passkeys?done=added", AccountVisitor.Target(await person.PostAsync(page, values)));
        Assert.Contains("Work laptop", await person.ReadAsync("/account/passkeys"), StringComparison.Ordinal);

        using var visitor = Visitor();
        (page, values) = await visitor.PrepareAsync("/account/login?returnUrl=%2Flogs", "passkey");
        values["Credential"] = authenticator.Sign(await AskAsync(visitor, "/account/passkeys/ask", values));
        Assert.Equal("/logs", AccountVisitor.Target(await visitor.PostAsync(page, values)));

        Assert.Contains("pages@example.com", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Contains(visitor.Cookies.GetAllCookies(), c => c.Name.StartsWith("nexllm.browser.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_passkey_that_is_refused_says_so_and_leaves_the_other_way_open()
    {
        using var visitor = Visitor();

        var answer = await visitor.SubmitAsync("/account/login", "passkey", ("Credential", "{}"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(_cancellation);
        Assert.Contains("This passkey didn't work.", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("Continue", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_told_when_to_come_back_and_who_is_not_logged_in_adds_nothing()
    {
        using var visitor = Visitor();
        var (_, values) = await visitor.PrepareAsync("/account/login", "passkey");
        for (var i = 0; i < AddressAllowance.PasskeyQuestion.Burst; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await visitor.PostAsync("/account/passkeys/ask", values)).StatusCode);
        }

        var refused = await visitor.PostAsync("/account/passkeys/ask", values);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.PostAsync("/account/passkeys/new", values)).StatusCode);
    }

    [Theory]
    [InlineData("http", "localhost:5080", null)]
    [InlineData("http", "app.localhost", null)]
    [InlineData("https", "keys.example.com", null)]
    [InlineData("http", "keys.example.com", PasskeyObstacle.NoHttps)]
    [InlineData("http", "localhost.example.com", PasskeyObstacle.NoHttps)]
    [InlineData("http", "127.0.0.1:5080", PasskeyObstacle.IpAddress)]
    [InlineData("https", "192.0.2.7", PasskeyObstacle.IpAddress)]
    [InlineData("https", "[2001:db8::1]:8443", PasskeyObstacle.IpAddress)]
    public void Browsers_offer_passkeys_by_host_name_and_over_https(string scheme, string host, PasskeyObstacle? expected)
    {
        var request = new DefaultHttpContext { Request = { Scheme = scheme, Host = new HostString(host) } }.Request;

        Assert.Equal(expected, PasskeyAddress.ObstacleAt(request));
    }

    [Theory]
    [InlineData("127.0.0.1", "Passkeys don't work at an IP address. Open http://localhost")]
    [InlineData("192.0.2.7", "Passkeys don't work at an IP address. Open the dashboard by its host name, over HTTPS.")]
    [InlineData("keys.example.com", "Passkeys need HTTPS.")]
    public async Task Where_they_cannot_work_the_pages_say_what_to_do_and_offer_none(string host, string says)
    {
        using var person = new AccountVisitor(app, NextAddress());
        await person.SignUpAsync($"{host.Replace('.', '-')}@example.com");
        foreach (var (path, button) in (IEnumerable<(string, string)>)[("/account/login", Button), ("/account/passkeys", "Add passkey")])
        {
            using var visitor = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = app.Address };
            visitor.DefaultRequestHeaders.Host = $"{host}:{app.Address.Port}";
            if (path != "/account/login")
            {
                visitor.DefaultRequestHeaders.Add("Cookie", person.Cookies.GetCookieHeader(app.Address));
            }

            var page = Tags().Replace(WebUtility.HtmlDecode(await visitor.GetStringAsync(path, _cancellation)), "");

            Assert.Contains(says, page, StringComparison.Ordinal);
            Assert.DoesNotContain(button, page, StringComparison.Ordinal);
        }
    }

    private static async Task<string> AskAsync(AccountVisitor visitor, string path, Dictionary<string, string> values)
    {
        var options = await (await visitor.PostAsync(path, values)).Content.ReadAsStringAsync(_cancellation);
        Assert.NotNull(JsonNode.Parse(options)!["challenge"]);
        return options;
    }

    private AccountVisitor Visitor() => new(Localhost, NextAddress());

    private static IPAddress NextAddress() => new([127, 0, 7, (byte)Interlocked.Increment(ref _visitors)]);

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
