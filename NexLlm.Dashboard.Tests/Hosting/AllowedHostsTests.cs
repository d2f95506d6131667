using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using NexLlm.Dashboard.Settings;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

public sealed class AllowedHostsTests(AllowedHostsTests.App app) : IClassFixture<AllowedHostsTests.App>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("keys.example.com", true)]
    [InlineData("KEYS.example.com:8443", true)]
    [InlineData("a.example.org", true)]
    [InlineData("example.org", false)]
    [InlineData("evil.example", false)]
    [InlineData("keys.example.com.evil.example", false)]
    [InlineData("127.0.0.1", false)]
    public async Task Pages_answer_to_their_own_hosts_only(string host, bool allowed)
    {
        using var answer = await AskAsync(host, "/account/login");

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        if (!allowed)
        {
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
            Assert.Contains($"This server doesn't answer to the host \"{host}\".", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        }
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/v1/no-such-thing")]
    [InlineData("/api/usage/token")]
    public async Task Programs_read_it_in_their_own_shape(string path)
    {
        using var wrong = await AskAsync("evil.example", path);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var error = JsonDocument.Parse(await wrong.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("error");
        Assert.Equal(("invalid_host", "invalid_request_error"), (error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Contains("'evil.example'", error.GetProperty("message").GetString(), StringComparison.Ordinal);

        using var right = await AskAsync("keys.example.com", path);
        Assert.NotEqual(HttpStatusCode.BadRequest, right.StatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Health_is_told_to_whoever_asks_by_address(string path)
    {
        using var answer = await AskAsync("127.0.0.1:5080", path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task By_default_any_host_will_do()
    {
        await using var open = new NexLlmApp();
        using var http = open.CreateVisitor();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login") { Headers = { Host = "anything.example" } };
        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("*", null)]
    [InlineData("", null)]
    [InlineData("keys.example.com; *.example.org;[::1];192.0.2.1", null)]
    [InlineData("https://keys.example.com", "https://keys.example.com")]
    [InlineData("keys.example.com:443", "keys.example.com:443")]
    [InlineData("keys.example.com,other.example.com", "keys.example.com,other.example.com")]
    [InlineData("keys.example.com;b/c", "b/c")]
    public void What_is_no_host_is_told(string setting, string? wrong)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AllowedHosts", setting)]).Build();

        var result = new AllowedHostsValidator(configuration).Validate(null, new AllowedHosts());

        Assert.Equal(wrong is null, result.Succeeded);
        Assert.Equal(wrong, result.Failures?.Single().Split('“', '”')[1]);
    }

    private async Task<HttpResponseMessage> AskAsync(string host, string path)
    {
        using var http = app.CreateVisitor();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        return await http.SendAsync(request, Cancellation);
    }

    public sealed class App : NexLlmApp
    {
        public App() => Settings["AllowedHosts"] = "keys.example.com;*.example.org";
    }
}
