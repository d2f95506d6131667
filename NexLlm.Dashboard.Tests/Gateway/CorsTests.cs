using System.Net;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>That pages of other origins can call the gateway with a key, and can do nothing else.</summary>
public sealed class CorsTests
{
    private const string Origin = "https://chat.example.com";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/models/aws%2Fclaude")]
    [InlineData("/api/usage/token")]
    [InlineData("/chat/completions")]
    public async Task A_preflight_is_answered_without_a_key_a_line_in_the_log_or_a_look_at_the_database(string path)
    {
        var commands = new CommandCounter();
        await using var app = await GatewayApp.StartAsync();
        app.ConfigureServices = commands.Watch;
        using var caller = await app.CreateCallerAsync();
        var before = commands.Count;
        using var answer = await PreflightAsync(app, path, Origin);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(before, commands.Count);
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(answer, "Access-Control-Allow-Methods")!, StringComparison.Ordinal);
        Assert.Equal("authorization,content-type,x-stainless-os", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
        // Without an id there is no line.
        Assert.Null(Header(answer, "x-request-id"));
    }

    [Theory]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/chat/completions", false)]
    public async Task An_answer_and_an_error_can_be_read_by_the_page(string path, bool withKey)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Caller.ChatBody()) };
        request.Headers.Add("Origin", Origin);
        using var http = new HttpClient { BaseAddress = app.Address };
        using var answer = await (withKey ? caller.Http : http).SendAsync(request, Cancellation);

        Assert.Equal(withKey ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("x-request-id", Header(answer, "Access-Control-Expose-Headers")!, StringComparison.Ordinal);
        Assert.Contains("retry-after", Header(answer, "Access-Control-Expose-Headers")!, StringComparison.Ordinal);
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Only_the_origins_that_a_setting_names_may_call()
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:CorsOrigins:0", Origin), ("Gateway:CorsOrigins:1", "http://localhost:3000"));
        using var caller = await app.CreateCallerAsync();
        using var named = await PreflightAsync(app, "/v1/models", Origin);
        using var other = await PreflightAsync(app, "/v1/models", "https://evil.example.com");
        using var none = await PreflightAsync(app, "/v1/models", "null");

        Assert.Equal((Origin, null, null), (Header(named, "Access-Control-Allow-Origin"), Header(other, "Access-Control-Allow-Origin"), Header(none, "Access-Control-Allow-Origin")));
        Assert.All((HttpResponseMessage[])[named, other, none], answer => Assert.Equal("Origin", Header(answer, "Vary")));
    }

    [Fact]
    public async Task CORS_can_be_switched_off()
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:CorsOrigins:0", "none"));
        using var caller = await app.CreateCallerAsync();
        using var answer = await PreflightAsync(app, "/v1/models", Origin);

        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/keys")]
    [InlineData("/healthz")]
    public async Task The_dashboard_is_closed_to_pages_of_other_origins(string path)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var preflight = await PreflightAsync(app, path, Origin);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", Origin);
        using var answer = await caller.Http.SendAsync(request, Cancellation);

        Assert.DoesNotContain(preflight.Headers.Concat(answer.Headers), header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("chat.example.com")]
    [InlineData("https://chat.example.com/")]
    [InlineData("https://user@chat.example.com")]
    [InlineData("none", "https://chat.example.com")]
    public void An_origin_that_no_browser_sends_stops_the_start(params string[] origins)
    {
        var result = new GatewayOptionsValidator().Validate(null, new GatewayOptions { CorsOrigins = origins });

        Assert.Contains("Gateway:CorsOrigins", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("none")]
    [InlineData("https://chat.example.com", "http://localhost:3000", "app://obsidian.md")]
    public void Origins_that_browsers_send_are_taken(params string[] origins) =>
        Assert.True(new GatewayOptionsValidator().Validate(null, new GatewayOptions { CorsOrigins = origins }).Succeeded);

    private static async Task<HttpResponseMessage> PreflightAsync(GatewayApp app, string path, string origin)
    {
        using var http = new HttpClient { BaseAddress = app.Address };
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-stainless-os");
        return await http.SendAsync(request, Cancellation);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
