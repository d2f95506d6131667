using System.ClientModel;
using System.Text;
using NexLlm.Dashboard.Tests.TestKit;
using OpenAI;
using OpenAI.Chat;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>OpenAI's own client for .NET, unmodified, with nothing set but address and key, against the built-in channel.</summary>
public sealed class OfficialClientTests
{
    private const string Model = "nexllm-echo";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_is_answered_and_charged_by_the_usage_that_it_reports()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        ChatCompletion answer = await Client(caller).GetChatClient(Model).CompleteChatAsync([new UserChatMessage("Say hello")], cancellationToken: Cancellation);

        Assert.Equal("Say hello", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(answer.Usage.TotalTokenCount, await caller.ChargedAsync());
    }

    [Fact]
    public async Task A_streamed_chat_arrives_piece_by_piece_with_its_usage_at_the_end()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        var text = new StringBuilder();
        var pieces = 0;
        ChatTokenUsage? usage = null;
        await foreach (var update in Client(caller).GetChatClient(Model).CompleteChatStreamingAsync(
            [new UserChatMessage("one two three four")], cancellationToken: Cancellation))
        {
            pieces += update.ContentUpdate.Count;
            text.Append(string.Concat(update.ContentUpdate.Select(c => c.Text)));
            usage = update.Usage ?? usage;
        }

        Assert.Equal("one two three four", text.ToString());
        Assert.True(pieces >= 4, $"{pieces} pieces");
        Assert.Equal(usage!.TotalTokenCount, await caller.ChargedAsync());
    }

    [Fact]
    public async Task A_cap_ends_the_answer_and_says_so()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        ChatCompletion answer = await Client(caller).GetChatClient(Model).CompleteChatAsync(
            [new UserChatMessage("one two three four five six seven eight")], new ChatCompletionOptions { MaxOutputTokenCount = 3 }, Cancellation);

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(3, answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Embeddings_come_as_numbers()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        var answer = await Client(caller).GetEmbeddingClient(Model).GenerateEmbeddingsAsync(["one", "two"], cancellationToken: Cancellation);

        Assert.Equal(2, answer.Value.Count);
        Assert.NotEqual(answer.Value[0].ToFloats().ToArray(), answer.Value[1].ToFloats().ToArray());
        Assert.Equal(answer.Value.Usage.TotalTokenCount, await caller.ChargedAsync());
    }

    [Fact]
    public async Task Responses_are_answered_in_one_piece_and_streamed()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var whole = await caller.PostAsync("/v1/responses", $$"""{"model":"{{Model}}","input":"Say hello"}""");
        using var streamed = await caller.PostAsync("/v1/responses", $$"""{"model":"{{Model}}","input":"Say hello","stream":true}""");
        var events = await streamed.Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("Say hello", await whole.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains("event: response.completed", events, StringComparison.Ordinal);
        Assert.True(await caller.ChargedAsync() > 0);
    }

    [Fact]
    public async Task Models_are_those_that_the_key_may_use()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { Models = Dashboard.Keys.Policy.ModelRestriction.Only([Model]) });
        var client = Client(caller).GetOpenAIModelClient();
        var models = await client.GetModelsAsync(Cancellation);
        var one = await client.GetModelAsync(Model, Cancellation);
        var other = await Assert.ThrowsAsync<ClientResultException>(() => client.GetModelAsync(GatewayApp.Model, Cancellation));

        Assert.Equal([Model], models.Value.Select(m => m.Id));
        Assert.Equal(Model, one.Value.Id);
        Assert.Equal(404, other.Status);
    }

    [Fact]
    public async Task A_refusal_reaches_the_program_with_its_words()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 1 });
        var refusal = await Assert.ThrowsAsync<ClientResultException>(
            () => Client(caller).GetChatClient(Model).CompleteChatAsync([new UserChatMessage("Say hello")], cancellationToken: Cancellation));

        Assert.Equal(429, refusal.Status);
        Assert.Contains("insufficient_quota", refusal.Message, StringComparison.Ordinal);
    }

    private static OpenAIClient Client(Caller caller) => new(
        new ApiKeyCredential(caller.Secret), new OpenAIClientOptions { Endpoint = new Uri(caller.Http.BaseAddress!, "/v1") });
}
