using System.Text;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Keys.Policy;
using static NexLlm.Dashboard.Channels.UpstreamApi;
using static NexLlm.Dashboard.Tests.Gateway.Media.Forms;

namespace NexLlm.Dashboard.Tests.Gateway.Media;

/// <summary>What is read in requests for images, audio and judgements, and what is refused.</summary>
public sealed class MediaScannerTests
{
    [Fact]
    public void A_recording_is_measured_by_its_size()
    {
        var (found, media) = Scan(Transcriptions, Of(Field("model", "whisper-1"), Field("prompt", "gruesse"), Field("stream", "true"), File("file", new string('x', 5_000))));

        Assert.Equal((5_000L, 7L, true, 1L), (media.AudioBytes, media.TextBytes, found.Stream, media.Answers));
    }

    [Fact]
    public void Images_are_counted_and_so_are_the_answers()
    {
        var (found, media) = Scan(ImageEdits, Of(Field("model", "m"), Field("n", "3"), File("image[]", "1"), File("image[]", "2"), File("mask", "3"), Field("prompt", "four")));

        Assert.Equal((3L, 3, 4L), (media.Answers, media.Images, media.TextBytes));
        Assert.Equal(3, found.Answers);
    }

    [Theory]
    [InlineData(ImageGenerations, """{"model":"m","prompt":"a cat","n":4}""", 4, 0, 0)]
    [InlineData(ImageGenerations, """{"model":"m","prompt":"a cat","image":["data:image/png;base64,AAAA","https://example.com/a.png"]}""", 1, 2, 0)]
    [InlineData(ImageEdits, """{"model":"m","prompt":"a","images":[{"image_url":"https://example.com/a.png"}],"mask":{"image_url":"data:image/png;base64,AAAA"}}""", 1, 2, 0)]
    [InlineData(Speech, """{"model":"m","input":"gr\u00fc\u00dfe \ud83d\ude00","voice":"alloy","n":7}""", 1, 0, 8)]
    [InlineData(Speech, """{"model":"m","input":"plain","instructions":"whisper"}""", 1, 0, 5)]
    [InlineData(Moderations, """{"model":"m","input":["ab","cde"]}""", 1, 0, 5)]
    [InlineData(Moderations, """{"model":"m","input":[{"type":"text","text":"abc"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAA"}}]}""", 1, 0, 16)]
    [InlineData(Rerank, """{"model":"m","query":"abc","documents":["de",{"text":"fgh"}],"top_n":1}""", 1, 0, 8)]
    public void A_body_is_measured_by_what_its_api_charges(UpstreamApi api, string body, long answers, int images, long characters)
    {
        var (_, media) = Scan(api, body);

        Assert.Equal((answers, images, characters), (media.Answers, media.Images, media.Characters));
    }

    [Fact]
    public void A_query_counts_once_for_each_document()
    {
        var query = new string('q', 1_000);
        var (_, media) = Scan(Rerank, $$"""{"model":"m","query":"{{query}}","documents":["a","b","c"]}""");

        Assert.Equal(3, media.Texts);
        Assert.InRange(media.TextBytes, 4_000, 4_100);
    }

    [Fact]
    public void Events_asked_for_by_speech_are_a_stream() =>
        Assert.True(Scan(Speech, """{"model":"m","input":"a","stream_format":"sse"}""").Found.Stream);

    public static TheoryData<UpstreamApi, string, string> KeptUpstream => new()
    {
        { ImageEdits, """{"model":"m","prompt":"a","images":[{"file_id":"file-1"}]}""", "file_id" },
        { ImageEdits, """{"model":"m","prompt":"a","images":[{"image_url":"data:,"}],"mask":{"file_id":"file-1"}}""", "file_id" },
        { ImageGenerations, """{"model":"m","prompt":"a","previous_response_id":"resp_1"}""", "previous_response_id" },
        { Speech, """{"model":"m","input":"a","voice":{"id":"voice_1"}}""", "voice" },
        { Transcriptions, Text(Field("model", "m"), File("file", "x"), Field("file_id", "file-1")), "file_id" },
        { ImageEdits, Text(Field("model", "m"), File("image", "x"), Field("container[id]", "c")), "container" },
    };

    [Theory]
    [MemberData(nameof(KeptUpstream))]
    public void What_is_kept_at_the_provider_is_out_of_reach(UpstreamApi api, string body, string member)
    {
        var error = Refused(api, body);

        Assert.Equal(Verdict.UnsupportedState, error.Verdict);
        Assert.Contains(member, error.Param, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file-abc123")]
    [InlineData("https://example.com/a.png")]
    [InlineData("data:image/png;base64,AAAA")]
    public void An_image_in_a_form_is_a_file_and_nothing_else(string image) =>
        Assert.Equal("image", Refused(ImageEdits, Text(Field("model", "m"), Field("image", image))).Param);

    public static TheoryData<string, string> Ambiguous => new()
    {
        { "the model as a file", Text(File("model", "m"), File("file", "x")) },
        { "the model as a list", Text(Field("model[]", "m"), File("file", "x")) },
        { "a second model as a list", Text(Field("model", "m"), Field("model[]", "other"), File("file", "x")) },
        { "a second model by an index", Text(Field("model", "m"), Field("model[0]", "other"), File("file", "x")) },
        { "a second model in capitals", Text(Field("model", "m"), Field("Model", "other"), File("file", "x")) },
        { "the file as text", Text(Field("model", "m"), Field("file", "x")) },
        { "no file", Text(Field("model", "m")) },
        { "stream that is neither", Text(Field("model", "m"), Field("stream", "yes"), File("file", "x")) },
        { "an address to go to", Text(Field("model", "m"), Field("api_base", "http://elsewhere"), File("file", "x")) },
        { "an address in brackets", Text(Field("model", "m"), Field("extra_body[model]", "other"), File("file", "x")) },
        { "headers", Text(Field("model", "m"), Field("extra_headers", "{}"), File("file", "x")) },
        { "a model too long", Text(Field("model", new string('m', 201)), File("file", "x")) },
        { "JSON", """{"model":"m","file":"x"}""" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public void A_form_that_could_mean_something_else_upstream_is_refused(string why, string body)
    {
        var error = Refused(Transcriptions, body);

        Assert.True(error.Verdict is Verdict.InvalidRequest, why);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("129")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData(" 2")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public void A_number_of_images_out_of_range_is_refused(string n)
    {
        Assert.Equal("n", Refused(ImageEdits, Text(Field("model", "m"), Field("n", n), File("image", "x"))).Param);
        // In JSON a whole number may be written 1.0; in a form it is text.
        if (n.Length > 0 && n[0] != ' ' && n != "1.0")
        {
            Assert.Equal("n", Refused(ImageGenerations, $$"""{"model":"m","prompt":"a","n":{{n}}}""").Param);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_form_without_a_model_is_told_to_name_one(string model) =>
        Assert.Equal(Verdict.ModelRequired, Refused(Transcriptions, Text(Field("model", model), File("file", "x"))).Verdict);

    [Theory]
    [InlineData(ImageGenerations)]
    [InlineData(Speech)]
    [InlineData(Moderations)]
    [InlineData(Rerank)]
    public void A_form_where_json_belongs_is_told_so(UpstreamApi api)
    {
        Assert.Contains("JSON", Refused(api, Text(Field("model", "m"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documents_of_a_rerank_are_the_clients_own_data() =>
        Assert.Equal(6, Scan(Rerank, """{"model":"m","query":"abc","documents":[{"file_id":"abc","Container":null}]}""").Media.Characters);

    private static string Text(params string[] parts) => Encoding.Latin1.GetString(Of(parts));

    private static (ScannedRequest Found, MediaRequest Media) Scan(UpstreamApi api, byte[] body)
    {
        Assert.True(MediaScanner.TryScan(api, body, TypeOf(body), out var found, out var media, out var error), error?.Message);
        return (found, media!);
    }

    private static (ScannedRequest Found, MediaRequest Media) Scan(UpstreamApi api, string body) => Scan(api, Bytes(body));

    private static BodyError Refused(UpstreamApi api, string body)
    {
        Assert.False(MediaScanner.TryScan(api, Bytes(body), TypeOf(Bytes(body)), out _, out var media, out var error));
        Assert.Null(media);
        return error!;
    }

    private static string TypeOf(byte[] body) => body.AsSpan().StartsWith("--"u8) ? ContentType : "application/json";
}
