using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway.Media;

/// <summary>The endpoints for images, audio, moderations and reranking, from the client to the upstream and back.</summary>
public sealed class MediaEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, long, long> Json => new()
    {
        { "/v1/images/generations", """{"model":"gpt-4o","prompt":"a cat","n":2,"size":"1024x1024"}""", """{"created":1,"data":[{"b64_json":"AAAA"},{"b64_json":"BBBB"}],"usage":{"input_tokens":9,"output_tokens":2112,"total_tokens":2121}}""", 9, 2_112 },
        { "/v1/images/edits", """{"model":"gpt-4o","prompt":"a hat","images":[{"image_url":"https://example.com/a.png"}]}""", """{"created":1,"data":[{"b64_json":"AAAA"}],"usage":{"input_tokens":300,"output_tokens":1056,"total_tokens":1356}}""", 300, 1_056 },
        { "/v1/moderations", """{"model":"gpt-4o","input":["one","two"]}""", """{"id":"modr-1","model":"m","results":[{"flagged":false}],"usage":{"prompt_tokens":4,"total_tokens":4}}""", 4, 0 },
        { "/v1/rerank", """{"model":"gpt-4o","query":"q","documents":["a","b"],"top_n":1}""", """{"model":"m","results":[{"index":1,"relevance_score":0.9}],"usage":{"total_tokens":77}}""", 77, 0 },
    };

    [Theory]
    [MemberData(nameof(Json))]
    public async Task A_request_in_json_goes_through_as_it_is_and_is_charged_by_the_reported_tokens(string path, string body, string said, long input, long output)
    {
        await using var app = await StartAsync();
        app.Upstream.Answer = FakeUpstream.Json(said);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync(path, body);

        Assert.Equal((HttpStatusCode.OK, said), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var sent = Assert.Single(app.Upstream.Received);
        Assert.Equal((path, body, "Bearer provider-key-of-main", "application/json"), (sent.Path, sent.Body, sent.Headers["Authorization"], sent.Headers["Content-Type"]));
        var charge = await caller.SettledAsync();
        Assert.Equal((input, output, UsageSource.Upstream), (charge.InputTokens, charge.OutputTokens, charge.Source));
        var line = await LineAsync(app, caller);
        Assert.Equal((200, path, charge.ChargedTokens, UsageSource.Upstream), (line.Status, "/v1" + line.Api!.Value.Path(), line.ChargedTokens, line.Source));
    }

    [Fact]
    public async Task A_recording_reaches_the_upstream_byte_for_byte_under_its_name_of_the_model()
    {
        await using var app = await StartAsync(("Provisioning:Channels:0:Models:0:UpstreamName", "whisper-large"));
        app.Upstream.Answer = FakeUpstream.Json("""{"text":"hello","usage":{"type":"tokens","input_tokens":14,"output_tokens":3,"total_tokens":17}}""");
        using var caller = await app.CreateCallerAsync();
        var recording = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31)).ToArray();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(recording) { Headers = { ContentType = new MediaTypeHeaderValue("audio/mpeg") } }, "file", "talk.mp3" },
            { new StringContent(GatewayApp.Model), "model" },
            { new StringContent("word"), "timestamp_granularities[]" },
            { new StringContent("segment"), "timestamp_granularities[]" },
        };
        form.Headers.Add("X-Canary", "canary");
        using var answer = await caller.Http.PostAsync("/v1/audio/transcriptions", form, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var sent = Assert.Single(app.Upstream.Received);
        Assert.Equal("/v1/audio/transcriptions", sent.Path);
        Assert.Equal(
            ["accept", "authorization", "content-length", "content-type", "host", "user-agent"],
            sent.Headers.Keys.Select(name => name.ToLowerInvariant()).Order());
        var fields = await FieldsAsync(sent);
        Assert.Equal(["file", "model", "timestamp_granularities[]", "timestamp_granularities[]"], fields.Select(f => f.Name));
        Assert.Equal(recording, fields[0].Value);
        Assert.Equal(("talk.mp3", "whisper-large"), (fields[0].FileName, Encoding.UTF8.GetString(fields[1].Value)));
        Assert.Equal(17, (await caller.SettledAsync()).ChargedTokens);
    }

    [Theory]
    [InlineData("audio/mpeg", "audio/mpeg")]
    [InlineData("Audio/WAV; codecs=1", "audio/wav")]
    [InlineData("image/svg+xml", "application/octet-stream")]
    [InlineData("application/octet-stream", "application/octet-stream")]
    public async Task Speech_comes_as_it_is_made_under_a_type_that_no_browser_runs(string said, string told)
    {
        await using var app = await StartAsync(Price("ThousandCharacters", 2_000));
        var first = Enumerable.Range(0, 5_000).Select(i => (byte)(200 + (i % 50))).ToArray();
        var go = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = said;
            await http.Response.Body.WriteAsync(first);
            await http.Response.Body.FlushAsync();
            await go.Task;
            await http.Response.Body.WriteAsync(first);
        };
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 1_000 });
        using var answer = await caller.PostAsync("/v1/audio/speech", """{"model":"gpt-4o","input":"Good morning!","voice":"alloy"}""");
        var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        var came = new byte[first.Length - 1];
        await stream.ReadExactlyAsync(came, Cancellation); // All but the last byte, while the upstream still speaks.
        go.SetResult();
        using var rest = new MemoryStream();
        await stream.CopyToAsync(rest, Cancellation);

        Assert.Equal([.. first, .. first], [.. came, .. rest.ToArray()]);
        Assert.Equal((told, "nosniff"), (answer.Content.Headers.ContentType!.ToString(), answer.Headers.GetValues("X-Content-Type-Options").Single()));
        var charge = await caller.SettledAsync();
        Assert.Equal((26, UsageSource.Priced), (charge.ChargedTokens, charge.Source)); // 13 characters
    }

    [Fact]
    public async Task The_last_byte_of_speech_waits_until_it_is_paid()
    {
        await using var app = await StartAsync(Price("Request", 5));
        app.Upstream.Answer = Binary("audio/mpeg", [1, 2, 3]);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/audio/speech", """{"model":"gpt-4o","input":"Hi","voice":"alloy"}""");
        await answer.Content.ReadAsByteArrayAsync(Cancellation);

        var charge = Assert.Single(await caller.ChargesAsync());
        Assert.Equal((ChargeState.Settled, 5), (charge.State, charge.ChargedTokens));
    }

    public static TheoryData<string, string, string[], long> Streams => new()
    {
        {
            "/v1/audio/speech", """{"model":"gpt-4o","input":"Hi","voice":"alloy","stream_format":"sse"}""",
            ["""{"type":"speech.audio.delta","audio":"AAAA"}""", """{"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"total_tokens":115}}"""], 115
        },
        {
            "/v1/images/generations", """{"model":"gpt-4o","prompt":"a cat","stream":true,"partial_images":1}""",
            ["""{"type":"image_generation.partial_image","b64_json":"AAAA","partial_image_index":0}""", """{"type":"image_generation.completed","b64_json":"BBBB","usage":{"input_tokens":9,"output_tokens":100,"total_tokens":109}}"""], 109
        },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Events_pass_unchanged_and_the_last_is_paid_for(string path, string body, string[] events, long charged)
    {
        await using var app = await StartAsync();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var data in events)
            {
                await http.SendEventAsync(data);
            }
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(string.Concat(events.Select(data => $"data: {data}\n\n")), text);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal((charged, UsageSource.Upstream), ((await caller.SettledAsync()).ChargedTokens, (await caller.SettledAsync()).Source));
    }

    public static TheoryData<string, string, string> Unpriced => new()
    {
        { "/v1/images/generations", """{"model":"gpt-4o","prompt":"a cat"}""", "per image" },
        { "/v1/audio/speech", """{"model":"gpt-4o","input":"Hi","voice":"alloy"}""", "per 1,000 characters" },
        { "/v1/audio/transcriptions", "", "per second" },
    };

    [Theory]
    [MemberData(nameof(Unpriced))]
    public async Task A_key_with_a_quota_is_refused_where_the_cost_is_unknown_and_told_what_to_set(string path, string body, string unit)
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 1_000_000 });
        using var answer = body.Length > 0 ? await caller.PostAsync(path, body) : await TranscribeAsync(caller, 100);

        var error = await RejectionTests.ExpectAsync(answer, 400, "invalid_request_error", "invalid_request");
        var message = error.GetProperty("message").GetString()!;
        Assert.Contains($"'{GatewayApp.Model}'", message, StringComparison.Ordinal);
        Assert.Contains(unit, message, StringComparison.Ordinal);
        Assert.Contains("administrator", message, StringComparison.Ordinal);
        Assert.Empty(app.Upstream.Received);
        Assert.Empty(await caller.ChargesAsync());
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","prompt":"a","n":5}""", 429)]
    [InlineData("""{"model":"gpt-4o","prompt":"a","n":4}""", 200)]
    public async Task A_quota_lets_through_as_many_images_as_it_pays_for(string body, int status)
    {
        await using var app = await StartAsync(Price("Image", 100));
        app.Upstream.Answer = FakeUpstream.Json("""{"created":1,"data":[{"url":"https://example.com/a.png"}]}""");
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 499 });
        using var answer = await caller.PostAsync("/v1/images/generations", body);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? 400 : 0, await caller.ChargedAsync());
    }

    [Fact]
    public async Task Audio_reserves_what_its_size_can_last_and_pays_what_it_lasted()
    {
        await using var app = await StartAsync(Price("Second", 10));
        app.Upstream.Answer = FakeUpstream.Json("""{"text":"hello","duration":3.2,"segments":[]}""");
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 500 });
        using var tooLong = await TranscribeAsync(caller, bytes: 60_000);
        using var answer = await TranscribeAsync(caller, bytes: 50_000);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (tooLong.StatusCode, answer.StatusCode));
        Assert.Equal(40, await caller.ChargedAsync());
        Assert.Single(app.Upstream.Received);
    }

    [Fact]
    public async Task An_upstream_that_reports_more_than_was_reserved_cannot_push_a_key_past_its_limit()
    {
        await using var app = await StartAsync(Price("Image", 100));
        app.Upstream.Answer = FakeUpstream.Json("""{"created":1,"data":[{"b64_json":"AAAA"}],"usage":{"input_tokens":50,"output_tokens":90000,"total_tokens":90050}}""");
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 150 });
        using var answer = await caller.PostAsync("/v1/images/generations", """{"model":"gpt-4o","prompt":"a"}""");
        var charge = Assert.Single(await caller.ChargesAsync());

        Assert.Equal((100, true), (charge.ChargedTokens, charge.IsClamped));
    }

    [Fact]
    public async Task A_form_fails_over_with_all_of_its_bytes_and_is_charged_by_the_channel_that_answered()
    {
        await using var app = await StartAsync(Price("Request", 7));
        await using var failing = await FakeUpstream.StartAsync();
        failing.Answer = FakeUpstream.Json("""{"error":{"message":"overloaded"}}""", 500);
        app.AddChannel(1, "first", failing.BaseUrl, GatewayApp.Model, priority: 2);
        app.Upstream.Answer = FakeUpstream.Json("""{"text":"hello"}""");
        using var caller = await app.CreateCallerAsync();
        using var answer = await TranscribeAsync(caller, bytes: 70_000);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((await FieldsAsync(failing.Received.Single()))[0].Value, (await FieldsAsync(app.Upstream.Received.Single()))[0].Value);
        Assert.Equal(7, await caller.ChargedAsync());
        Assert.Single(await caller.ChargesAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_speech_pays_for_it()
    {
        await using var app = await StartAsync(Price("Request", 9));
        var left = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.Body.WriteAsync(new byte[100]);
            await http.Response.Body.FlushAsync();
            await left.Task;
            await http.Response.Body.WriteAsync(new byte[100]);
        };
        using var caller = await app.CreateCallerAsync();
        var answer = await caller.PostAsync("/v1/audio/speech", """{"model":"gpt-4o","input":"Hi","voice":"alloy"}""");
        Assert.NotEqual(0, await (await answer.Content.ReadAsStreamAsync(Cancellation)).ReadAsync(new byte[1], Cancellation));
        answer.Dispose();
        left.SetResult();

        Assert.Equal(9, (await caller.SettledAsync()).ChargedTokens);
    }

    [Fact]
    public async Task Speech_that_breaks_off_is_paid_for_and_never_looks_complete()
    {
        await using var app = await StartAsync(Price("Request", 9));
        var heard = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.Body.WriteAsync(new byte[100]);
            await http.Response.Body.FlushAsync();
            await heard.Task;
            http.Abort();
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/audio/speech", """{"model":"gpt-4o","input":"Hi","voice":"alloy"}""");
        var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        await stream.ReadExactlyAsync(new byte[99], Cancellation);
        heard.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1], Cancellation));

        Assert.Equal(9, (await caller.SettledAsync()).ChargedTokens);
    }

    [Fact]
    public async Task A_web_page_in_place_of_audio_is_no_answer_and_costs_nothing()
    {
        await using var app = await StartAsync(Price("Request", 9));
        app.Upstream.Answer = Binary("text/html", Encoding.UTF8.GetBytes("<html><script>alert(1)</script></html>"));
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/audio/speech", """{"model":"gpt-4o","input":"Hi","voice":"alloy"}""");

        Assert.Equal((HttpStatusCode.BadGateway, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(0, await caller.ChargedAsync());
    }

    [Theory]
    [InlineData("text", "Hello there.\n")]
    [InlineData("text", "\n")]
    [InlineData("srt", "1\n00:00:00,000 --> 00:00:02,000\nHello there.\n")]
    [InlineData("vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nHello there.\n")]
    public async Task A_transcript_as_plain_text_passes_as_plain_text(string format, string transcript)
    {
        await using var app = await StartAsync(Price("Second", 2));
        app.Upstream.Answer = Binary("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(transcript));
        using var caller = await app.CreateCallerAsync();
        using var answer = await TranscribeAsync(caller, bytes: 5_000, format);

        Assert.Equal(transcript, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(10, (await caller.SettledAsync()).ChargedTokens); // As long as 5,000 bytes can be.
    }

    [Fact]
    public async Task A_restricted_key_cannot_name_another_model_in_a_form()
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { Models = NexLlm.Dashboard.Keys.Policy.ModelRestriction.Only(["nexllm-echo"]) });
        using var answer = await TranscribeAsync(caller, bytes: 10);

        await RejectionTests.ExpectAsync(answer, 403, "invalid_request_error", "model_not_allowed");
        Assert.Equal((403, GatewayApp.Model), ((await LineAsync(app, caller)).Status, (await LineAsync(app, caller)).Model));
        Assert.Empty(app.Upstream.Received);
    }

    private static (string, string)[] Price(string unit, int tokens) =>
        [("Provisioning:Channels:0:Models:0:Price:Unit", unit), ("Provisioning:Channels:0:Models:0:Price:Tokens", $"{tokens}")];

    /// <summary>The model as a section, so that a test can give it a price.</summary>
    private static Task<GatewayApp> StartAsync(params (string Name, string Value)[] settings) => GatewayApp.StartAsync(
        [("Provisioning:Channels:0:Models:0:Name", GatewayApp.Model), ("Provisioning:Channels:0:Models:0", ""), .. settings,
         .. UpstreamApis.All.Where(api => !api.IsAnthropic()).Select((api, i) => ($"Provisioning:Channels:0:Apis:{i}", api.ToString()))]);

    private static Task<HttpResponseMessage> TranscribeAsync(Caller caller, int bytes, string format = "json") => caller.Http.PostAsync("/v1/audio/transcriptions", new MultipartFormDataContent
    {
        { new ByteArrayContent(new byte[bytes]), "file", "a.wav" },
        { new StringContent(GatewayApp.Model), "model" },
        { new StringContent(format), "response_format" },
    }, Cancellation);

    private static RequestDelegate Binary(string contentType, byte[] bytes) => http =>
    {
        http.Response.ContentType = contentType;
        return http.Response.Body.WriteAsync(bytes).AsTask();
    };

    private static async Task<LogEntry> LineAsync(GatewayApp app, Caller caller) => Assert.Single(await app.LinesAsync(caller.Owner));

    private static async Task<List<(string Name, string? FileName, byte[] Value)>> FieldsAsync(ReceivedRequest sent)
    {
        var boundary = MediaTypeHeaderValue.Parse(sent.Headers["Content-Type"]).Parameters.Single(p => p.Name == "boundary").Value!;
        var reader = new MultipartReader(boundary, new MemoryStream(sent.Bytes));
        List<(string, string?, byte[])> fields = [];
        while (await reader.ReadNextSectionAsync(Cancellation) is { } section)
        {
            using var value = new MemoryStream();
            await section.Body.CopyToAsync(value, Cancellation);
            var named = section.GetContentDispositionHeader()!;
            fields.Add((named.Name.Value!.Trim('"'), named.FileName.Value?.Trim('"'), value.ToArray()));
        }

        return fields;
    }
}
