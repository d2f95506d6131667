using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Examples;

namespace NexLlm.Dashboard.Tests.Components.Keys.Examples;

public sealed class SnippetTests
{
    private const string Odd = "a\"b'c\\d";

    /// <summary>They hold no model, or not as a literal of a language.</summary>
    private static readonly string[] _plain = [Snippet.Env, "Cline", "Open WebUI"];

    public static TheoryData<UpstreamApi> Apis => [UpstreamApi.ChatCompletions, UpstreamApi.Messages];

    [Theory]
    [MemberData(nameof(Apis))]
    public void Every_example_holds_the_address_the_key_and_the_model_once(UpstreamApi api)
    {
        foreach (var snippet in All(api, "aws/claude-haiku-4-5", "sk-nexllm-AbC…wXyZ"))
        {
            Assert.Equal(2, snippet.Text.Split("https://llm.example").Length);
            Assert.Equal(2, snippet.Text.Split("sk-nexllm-AbC…wXyZ").Length);
            Assert.Equal(snippet.Name is Snippet.Env ? 1 : 2, snippet.Text.Split("aws/claude-haiku-4-5").Length);
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void A_model_with_quotes_in_its_id_breaks_out_of_no_example(UpstreamApi api)
    {
        foreach (var snippet in All(api, Odd, "key").Where(s => !_plain.Contains(s.Name)))
        {
            var quoted = snippet.Name switch
            {
                "curl" => """
                    "a\"b'\''c\\d"
                    """,
                "Claude Code" => """
                    'a"b'\''c\d'
                    """,
                _ => """
                    "a\"b'c\\d"
                    """,
            };
            Assert.Contains(quoted, snippet.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void The_body_of_the_first_request_is_JSON_on_one_line(UpstreamApi api)
    {
        var request = new FirstRequest(Odd, api);

        Assert.DoesNotContain('\n', request.Body);
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal(Odd, body.RootElement.GetProperty("model").GetString());
        Assert.Equal("Hello", body.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
        // Anthropic's API requires a cap; OpenAI's newer models refuse the member that older ones call it by.
        Assert.Equal(api is UpstreamApi.Messages, body.RootElement.TryGetProperty("max_tokens", out _));
    }

    [Fact]
    public void What_speaks_Anthropics_dialect_is_called_where_its_clients_call_it()
    {
        var examples = All(UpstreamApi.Messages, "claude-haiku-4-5", "key").ToDictionary(s => s.Name, s => s.Text);

        Assert.Contains("https://llm.example/v1/messages", examples["curl"], StringComparison.Ordinal);
        Assert.Contains("anthropic-version: 2023-06-01", examples["curl"], StringComparison.Ordinal);
        Assert.Contains("base_url=\"https://llm.example\"", examples["Python"], StringComparison.Ordinal);
        Assert.Contains("ANTHROPIC_BASE_URL='https://llm.example'\n", examples["Claude Code"], StringComparison.Ordinal);
        Assert.EndsWith("ANTHROPIC_BASE_URL=https://llm.example", examples[Snippet.Env], StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_names_the_model_that_speaks_its_API()
    {
        var examples = Snippet.All("https://llm.example/v1", new("chat-1", "responses-1", "messages-1"), "key").ToDictionary(s => s.Name, s => s.Text);

        Assert.Contains("chat-1", examples["curl"], StringComparison.Ordinal);
        Assert.Contains("chat-1", examples["Continue"], StringComparison.Ordinal);
        Assert.Contains("responses-1", examples["Codex"], StringComparison.Ordinal);
        Assert.Contains("messages-1", examples["Claude Code"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_whose_API_no_model_speaks_says_so_instead()
    {
        var openAI = Snippet.All("https://llm.example/v1", new("gpt-9", null, null), "key").ToDictionary(s => s.Name);
        var anthropic = Snippet.All("https://llm.example/v1", new(null, null, "claude-9"), "key").ToDictionary(s => s.Name);

        Assert.Equal(("", "Claude Code uses the Messages API, and no model of this key supports it."), (openAI["Claude Code"].Text, openAI["Claude Code"].Note));
        Assert.Equal(("", "Codex uses the Responses API, and no model of this key supports it."), (openAI["Codex"].Text, openAI["Codex"].Note));
        foreach (var name in (string[])["Cline", "Continue", "Open WebUI"])
        {
            Assert.Equal(("", $"{name} uses the Chat Completions API, and no model of this key supports it."), (anthropic[name].Text, anthropic[name].Note));
        }
    }

    private static List<Snippet> All(UpstreamApi api, string model, string key) =>
        [.. Snippet.All("https://llm.example/v1", new(api is UpstreamApi.ChatCompletions ? model : null, model, model), key).Where(snippet => snippet.Text.Length > 0)];
}
