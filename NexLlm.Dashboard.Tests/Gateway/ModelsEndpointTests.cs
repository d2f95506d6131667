using System.Net;
using System.Text.Json;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>The list of models in both shapes, with what is known of each.</summary>
public sealed class ModelsEndpointTests : IAsyncLifetime
{
    private static readonly string[] _ids = ["a", "aws/claude-haiku-4-5", "b@2", "c:free", "d e", "e%2Ff"];

    private GatewayApp _app = null!;
    private Caller _caller = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = _ids.Select((id, i) => ($"Provisioning:Channels:0:Models:{i}:Name", id));
        _app = await GatewayApp.StartAsync(
        [
            .. settings,
            ("Provisioning:Channels:0:Models:0:ContextTokens", "128000"),
            ("Provisioning:Channels:0:Models:0:MaxOutputTokens", "16384"),
        ]);
        _app.Settings.Remove("Provisioning:Channels:0:Models:0");
        _caller = await _app.CreateCallerAsync(policy => policy with { Models = ModelRestriction.Only(_ids) });
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task OpenAIs_list_has_the_limits_where_they_are_known()
    {
        var list = await GetAsync("/v1/models");
        var models = list.GetProperty("data").EnumerateArray().ToList();

        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(_ids, models.Select(model => model.GetProperty("id").GetString()));
        Assert.Equal((128_000, 128_000), (models[0].GetProperty("context_window").GetInt32(), models[0].GetProperty("context_length").GetInt32()));
        Assert.Equal((16_384, 16_384), (models[0].GetProperty("max_output_tokens").GetInt32(), models[0].GetProperty("max_completion_tokens").GetInt32()));
        Assert.Equal(["id", "object", "created", "owned_by"], models[1].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Anthropics_list_has_its_members_and_says_null_where_nothing_is_known()
    {
        var models = (await GetAsync("/v1/models", anthropic: true)).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal((128_000, 16_384), (models[0].GetProperty("max_input_tokens").GetInt32(), models[0].GetProperty("max_tokens").GetInt32()));
        Assert.Equal(("model", "a", "1970-01-01T00:00:00Z"), (models[0].GetProperty("type").GetString(), models[0].GetProperty("display_name").GetString(), models[0].GetProperty("created_at").GetString()));
        Assert.Equal(JsonValueKind.Null, models[1].GetProperty("max_input_tokens").ValueKind);
    }

    [Theory]
    [InlineData("", "a,aws/claude-haiku-4-5,b@2,c:free,d e,e%2Ff", false)]
    [InlineData("?limit=2", "a,aws/claude-haiku-4-5", true)]
    [InlineData("?limit=2&after_id=aws%2Fclaude-haiku-4-5", "b@2,c:free", true)]
    [InlineData("?limit=2&after_id=c:free", "d e,e%2Ff", false)]
    [InlineData("?after_id=e%252Ff", "", false)]
    [InlineData("?limit=2&before_id=d%20e", "b@2,c:free", true)]
    [InlineData("?limit=2&before_id=b@2", "a,aws/claude-haiku-4-5", false)]
    [InlineData("?before_id=a", "", false)]
    public async Task Anthropics_pages_follow_each_other(string query, string ids, bool more)
    {
        var page = await GetAsync("/v1/models" + query, anthropic: true);
        var expected = ids.Split(',', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(expected, page.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal(more, page.GetProperty("has_more").GetBoolean());
        Assert.Equal((expected.FirstOrDefault(), expected.LastOrDefault()), (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?limit=many")]
    [InlineData("?after_id=none")]
    [InlineData("?before_id=none")]
    [InlineData("?after_id=a&before_id=a")]
    public async Task A_page_that_does_not_exist_is_refused(string query)
    {
        using var answer = await SendAsync("/v1/models" + query, anthropic: true);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/v1/models/aws/claude-haiku-4-5", "aws/claude-haiku-4-5")]
    [InlineData("/v1/models/aws%2Fclaude-haiku-4-5", "aws/claude-haiku-4-5")]
    [InlineData("/v1/models/aws%2fclaude%2Dhaiku-4-5?beta=true", "aws/claude-haiku-4-5")]
    [InlineData("/v1/models/b@2", "b@2")]
    [InlineData("/v1/models/b%402", "b@2")]
    [InlineData("/v1/models/c:free", "c:free")]
    [InlineData("/v1/models/c%3Afree", "c:free")]
    [InlineData("/v1/models/d%20e", "d e")]
    [InlineData("/v1/models/e%252Ff", "e%2Ff")]
    public async Task A_model_is_found_by_its_id_escaped_or_not(string path, string id)
    {
        Assert.Equal(id, (await GetAsync(path)).GetProperty("id").GetString());
        Assert.Equal(id, (await GetAsync(path, anthropic: true)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("/v1/models/e%2Ff")]
    [InlineData("/v1/models/aws%252Fclaude-haiku-4-5")]
    [InlineData("/v1/models/A")]
    [InlineData("/v1/models/..%2f..%2fkeys")]
    [InlineData("/v1/models/%ff")]
    public async Task An_id_is_decoded_once_and_compared_exactly(string path)
    {
        using var answer = await SendAsync(path, anthropic: false);
        await RejectionTests.ExpectAsync(answer, 404, "invalid_request_error", "model_not_found");
    }

    private async Task<JsonElement> GetAsync(string path, bool anthropic = false)
    {
        using var answer = await SendAsync(path, anthropic);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        using var body = JsonDocument.Parse(text);
        return body.RootElement.Clone();
    }

    private Task<HttpResponseMessage> SendAsync(string path, bool anthropic)
    {
        // As it stands: a URI would unescape what it takes for safe.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_app.Address.GetLeftPart(UriPartial.Authority)}{path}", options));
        if (anthropic)
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }

        return _caller.Http.SendAsync(request, Cancellation);
    }
}
