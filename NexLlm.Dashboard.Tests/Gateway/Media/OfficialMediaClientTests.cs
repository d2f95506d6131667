using System.ClientModel;
using NexLlm.Dashboard.Tests.TestKit;
using OpenAI;
using OpenAI.Audio;

namespace NexLlm.Dashboard.Tests.Gateway.Media;

/// <summary>OpenAI's own client for .NET, unmodified: images, audio and moderations, its forms included.</summary>
public sealed class OfficialMediaClientTests : IAsyncLifetime
{
    private GatewayApp _app = null!;
    private Caller _caller = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task An_image_is_generated()
    {
        _app.Upstream.Answer = FakeUpstream.Json("""{"created":1,"data":[{"b64_json":"AQID"}],"usage":{"input_tokens":5,"output_tokens":7,"total_tokens":12}}""");
        var image = await Client.GetImageClient(GatewayApp.Model).GenerateImageAsync("a cat", cancellationToken: Cancellation);

        Assert.Equal([1, 2, 3], image.Value.ImageBytes.ToArray());
        Assert.Equal(12, await _caller.ChargedAsync());
    }

    [Fact]
    public async Task An_image_is_edited()
    {
        _app.Upstream.Answer = FakeUpstream.Json("""{"created":1,"data":[{"b64_json":"AQID"}],"usage":{"input_tokens":5,"output_tokens":7,"total_tokens":12}}""");
        using var picture = new MemoryStream([137, 80, 78, 71]);
        var image = await Client.GetImageClient(GatewayApp.Model).GenerateImageEditAsync(picture, "cat.png", "with a hat", cancellationToken: Cancellation);

        Assert.Equal([1, 2, 3], image.Value.ImageBytes.ToArray());
        Assert.Equal(12, await _caller.ChargedAsync());
    }

    [Fact]
    public async Task Speech_is_made()
    {
        _app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.Body.WriteAsync(new byte[] { 9, 8, 7 });
        };
        var speech = await Client.GetAudioClient(GatewayApp.Model).GenerateSpeechAsync("Good morning", GeneratedSpeechVoice.Alloy, cancellationToken: Cancellation);

        Assert.Equal([9, 8, 7], speech.Value.ToArray());
        Assert.NotEqual(0, await _caller.ChargedAsync());
    }

    [Fact]
    public async Task A_recording_is_transcribed_with_timestamps()
    {
        _app.Upstream.Answer = FakeUpstream.Json(
            """{"task":"transcribe","language":"english","duration":2.5,"text":"Good morning","words":[{"word":"Good","start":0.0,"end":1.0}],"segments":[],"usage":{"type":"duration","seconds":3}}""");
        using var recording = new MemoryStream(new byte[2_000]);
        var transcript = await Client.GetAudioClient(GatewayApp.Model).TranscribeAudioAsync(recording, "talk.mp3", new AudioTranscriptionOptions
        {
            ResponseFormat = AudioTranscriptionFormat.Verbose,
            TimestampGranularities = AudioTimestampGranularities.Word | AudioTimestampGranularities.Segment,
        }, Cancellation);

        Assert.Equal("Good morning", transcript.Value.Text);
        Assert.Single(transcript.Value.Words);
        Assert.NotEqual(0, await _caller.ChargedAsync());
    }

    [Fact]
    public async Task A_recording_is_translated()
    {
        _app.Upstream.Answer = FakeUpstream.Json("""{"text":"Good morning"}""");
        using var recording = new MemoryStream(new byte[2_000]);
        var translation = await Client.GetAudioClient(GatewayApp.Model).TranslateAudioAsync(recording, "talk.mp3", cancellationToken: Cancellation);

        Assert.Equal("Good morning", translation.Value.Text);
    }

    [Fact]
    public async Task A_text_is_judged()
    {
        _app.Upstream.Answer = FakeUpstream.Json("""{"id":"modr-1","model":"m","results":[{"flagged":true,"categories":{"violence":true},"category_scores":{"violence":0.9}}]}""");
        var result = await Client.GetModerationClient(GatewayApp.Model).ClassifyTextAsync("some text", Cancellation);

        Assert.True(result.Value.Flagged);
        Assert.NotEqual(0, await _caller.ChargedAsync());
    }

    private OpenAIClient Client => new(
        new ApiKeyCredential(_caller.Secret), new OpenAIClientOptions { Endpoint = new Uri(_caller.Http.BaseAddress!, "/v1") });
}
