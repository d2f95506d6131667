using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components;
using NexLlm.Dashboard.Gateway;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>That whoever calls a wrong address is told the right one, in the shape of the own dialect.</summary>
public sealed class AddressTests : IAsyncLifetime
{
    private GatewayApp _app = null!;
    private Caller _caller = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages =>
        [.. typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template).Distinct()];

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _caller = await _app.CreateCallerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/chat/completions", "POST /v1/chat/completions")]
    [InlineData("POST", "//v1/chat/completions", "POST /v1/chat/completions")]
    [InlineData("POST", "/v1//chat/completions", "POST /v1/chat/completions")]
    [InlineData("POST", "/v1/v1/chat/completions", "POST /v1/chat/completions")]
    [InlineData("POST", "/v1/chat/completions/", "POST /v1/chat/completions")]
    [InlineData("POST", "/V1/Chat/Completions", "POST /v1/chat/completions")]
    [InlineData("POST", "/api/v1/chat/completions", "POST /v1/chat/completions")]
    [InlineData("POST", "/v1beta/openai/chat/completions", "POST /v1/chat/completions")]
    [InlineData("POST", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", "POST /v1/chat/completions")]
    [InlineData("POST", "/completions", "POST /v1/completions")]
    [InlineData("POST", "/responses", "POST /v1/responses")]
    [InlineData("POST", "/v1/v1/messages", "POST /v1/messages")]
    [InlineData("POST", "/anthropic/v1/messages", "POST /v1/messages")]
    [InlineData("GET", "/models", "GET /v1/models")]
    [InlineData("GET", "/v1/models/", "GET /v1/models")]
    [InlineData("GET", "/v1", "GET /v1/models, POST /v1/chat/completions")]
    [InlineData("GET", "/v1/files", "GET /v1/models, POST /v1/chat/completions")]
    [InlineData("POST", "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", "POST /v1/chat/completions")]
    [InlineData("POST", "/v1/realtime/sessions", "POST /v1/chat/completions")]
    public async Task A_wrong_address_is_answered_with_the_right_one(string method, string path, string right)
    {
        using var answer = await SendAsync(method, path);

        var error = await RejectionTests.ExpectAsync(answer, 404, "invalid_request_error", "unknown_url");
        Assert.Contains(right, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_is_taken_for_a_mistaken_call(string template) => Assert.False(UnknownUrlErrors.IsOfProgram(template));

    [Fact]
    public async Task HEAD_is_answered_as_GET_without_a_body()
    {
        using var models = await SendAsync("HEAD", "/v1/models");
        using var usage = await SendAsync("HEAD", "/api/usage/token");
        using var chat = await SendAsync("HEAD", "/v1/chat/completions");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.MethodNotAllowed), (models.StatusCode, usage.StatusCode, chat.StatusCode));
        Assert.True(models.Content.Headers.ContentLength > 0);
        Assert.Empty(await models.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("/v1/responses", 426, "websocket_not_supported")]
    [InlineData("/v1/chat/completions", 426, "websocket_not_supported")]
    [InlineData("/v1/realtime?model=gpt-4o", 404, "unknown_url")]
    public async Task A_WebSocket_is_refused_so_that_clients_fall_back_at_once(string path, int status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        using var answer = await _caller.Http.SendAsync(request, Cancellation);

        await RejectionTests.ExpectAsync(answer, status, "invalid_request_error", code);
    }

    [Theory]
    [InlineData("/v1/messages/batches", null, true)]
    [InlineData("/v1/messages/", null, true)]
    [InlineData("/v1/models/none", "2023-06-01", true)]
    [InlineData("/messages", "2023-06-01", true)]
    [InlineData("/v1/models/none", null, false)]
    [InlineData("/v1/files", null, false)]
    public async Task Errors_have_the_shape_of_the_dialect_that_the_client_speaks(string path, string? version, bool isAnthropic)
    {
        using var answer = await SendAsync("GET", path, version);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(isAnthropic, body.RootElement.TryGetProperty("type", out var type) && type.GetString() == "error");
        Assert.Equal(isAnthropic, answer.Headers.TryGetValues("request-id", out var id) && id.Single() == answer.Headers.GetValues("x-request-id").Single());
        Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? anthropicVersion = null)
    {
        // A URI of its own, since a path that begins with two slashes would be taken for a host.
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{_app.Address.GetLeftPart(UriPartial.Authority)}{path}"));
        if (anthropicVersion is not null)
        {
            request.Headers.Add("anthropic-version", anthropicVersion);
        }

        return _caller.Http.SendAsync(request, Cancellation);
    }
}
