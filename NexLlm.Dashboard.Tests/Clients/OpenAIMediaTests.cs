using System.Text;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Clients;

/// <summary>OpenAI's client for JavaScript with images, sound and moderations, whose forms it writes itself.</summary>
public sealed class OpenAIMediaTests(ClientGateway gateway) : ClientTest(gateway)
{
    private const string Image =
        """{"created":1,"data":[{"b64_json":"aGVsbG8="}],"usage":{"total_tokens":30,"input_tokens":10,"output_tokens":20,"input_tokens_details":{"text_tokens":10,"image_tokens":0}}}""";

    [ClientTheory]
    [InlineData("image", "/v1/images/generations")]
    [InlineData("editedImage", "/v1/images/edits")]
    public async Task An_image_is_made_and_its_tokens_are_in_the_ledger(string scenario, string path)
    {
        using var caller = await CallerAsync();
        App.Upstream.Answer = FakeUpstream.Json(Image);
        var answer = await RunAsync(caller, "openai.mjs", scenario);

        Assert.Equal("aGVsbG8=", answer.GetProperty("image").GetString());
        Assert.Equal(30, (await caller.SettledAsync()).ChargedTokens);
        Assert.Equal(path, App.Upstream.Received.Last().Path);
    }

    [ClientFact]
    public async Task Speech_arrives_as_it_is()
    {
        using var caller = await CallerAsync();
        App.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.WriteAsync("a sound", http.RequestAborted);
        };

        Assert.Equal("a sound", (await RunAsync(caller, "openai.mjs", "speech")).GetProperty("sound").GetString());
    }

    [ClientTheory]
    [InlineData("transcription", "/v1/audio/transcriptions")]
    [InlineData("translation", "/v1/audio/translations")]
    public async Task Sound_is_sent_as_a_form_and_answered_as_text(string scenario, string path)
    {
        using var caller = await CallerAsync();
        App.Upstream.Answer = FakeUpstream.Json("""{"text":"Hello","usage":{"type":"tokens","input_tokens":10,"output_tokens":2,"total_tokens":12}}""");

        Assert.Equal("Hello", (await RunAsync(caller, "openai.mjs", scenario)).GetProperty("text").GetString());
        Assert.Equal(12, (await caller.SettledAsync()).ChargedTokens);
        var sent = App.Upstream.Received.Last();
        Assert.Equal(path, sent.Path);
        Assert.Contains("a sound", Encoding.UTF8.GetString(sent.Bytes), StringComparison.Ordinal);
    }

    [ClientFact]
    public async Task A_moderation_is_answered()
    {
        using var caller = await CallerAsync();
        App.Upstream.Answer = FakeUpstream.Json("""{"id":"modr-1","model":"m","results":[{"flagged":false,"categories":{},"category_scores":{}}]}""");

        Assert.False((await RunAsync(caller, "openai.mjs", "moderation")).GetProperty("flagged").GetBoolean());
    }
}
