using System.Text.Json;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Wizard;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

public sealed class SnippetTests
{
    public static TheoryData<UpstreamApi> Apis => [UpstreamApi.ChatCompletions, UpstreamApi.Messages];

    [Theory]
    [MemberData(nameof(Apis))]
    public void Every_example_holds_the_address_and_the_key_once_and_each_request_the_model(UpstreamApi api)
    {
        foreach (var snippet in Snippet.All("https://llm.example/v1", new("aws/claude-haiku-4-5", api), "sk-nexllm-AbC…wXyZ"))
        {
            Assert.Equal(2, snippet.Text.Split("https://llm.example").Length);
            Assert.Equal(2, snippet.Text.Split("sk-nexllm-AbC…wXyZ").Length);
            Assert.Equal(snippet.Name != Snippet.Env, snippet.Text.Contains("\"aws/claude-haiku-4-5\"", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void A_model_with_quotes_in_its_id_breaks_out_of_no_example(UpstreamApi api)
    {
        foreach (var snippet in Snippet.All("https://llm.example/v1", new("a\"b'c\\d", api), "key").Where(s => s.Name != Snippet.Env))
        {
            var quoted = snippet.Name == "curl" ? """
                "a\"b'\''c\\d"
                """ : """
                "a\"b'c\\d"
                """;
            Assert.Contains(quoted, snippet.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void The_body_of_the_first_request_is_JSON_on_one_line(UpstreamApi api)
    {
        var request = new FirstRequest("a\"b'c\\d", api);

        Assert.DoesNotContain('\n', request.Body);
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal("a\"b'c\\d", body.RootElement.GetProperty("model").GetString());
        Assert.Equal("Hello", body.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
        // Anthropic's API requires a cap; OpenAI's newer models refuse the member that older ones call it by.
        Assert.Equal(api is UpstreamApi.Messages, body.RootElement.TryGetProperty("max_tokens", out _));
    }

    [Fact]
    public void What_speaks_Anthropics_dialect_is_called_where_its_clients_call_it()
    {
        var examples = Snippet.All("https://llm.example/v1", new("claude-haiku-4-5", UpstreamApi.Messages), "key").ToDictionary(s => s.Name, s => s.Text);

        Assert.Contains("https://llm.example/v1/messages", examples["curl"], StringComparison.Ordinal);
        Assert.Contains("anthropic-version: 2023-06-01", examples["curl"], StringComparison.Ordinal);
        Assert.Contains("base_url=\"https://llm.example\"", examples["Python"], StringComparison.Ordinal);
        Assert.EndsWith("ANTHROPIC_BASE_URL=https://llm.example", examples[Snippet.Env], StringComparison.Ordinal);
    }
}
