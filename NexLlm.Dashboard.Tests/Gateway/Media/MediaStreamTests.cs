using NexLlm.Dashboard.Gateway.Json;

using static NexLlm.Dashboard.Channels.UpstreamApi;
using Reading = NexLlm.Dashboard.Tests.Gateway.Dialects.Answers;

namespace NexLlm.Dashboard.Tests.Gateway.Media;

/// <summary>Streams of images, speech and transcripts: where they end, and what they say was used.</summary>
public sealed class MediaStreamTests
{
    [Fact]
    public void Speech_ends_with_its_usage()
    {
        var read = Reading.Stream(Speech, """
            data: {"type":"speech.audio.delta","audio":"AAAA"}

            data: {"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"total_tokens":115}}


            """.ReplaceLineEndings("\n"));

        Assert.Equal(("PF", 14L, 101L), (read.Kinds, read.Input, read.Output));
    }

    [Fact]
    public void A_transcript_is_text_and_ends_with_its_usage()
    {
        var read = Reading.Stream(Transcriptions, """
            data: {"type":"transcript.text.delta","delta":"one "}

            data: {"type":"transcript.text.delta","delta":"two"}

            data: {"type":"transcript.text.done","text":"one two","usage":{"type":"tokens","input_tokens":14,"output_tokens":45,"total_tokens":59}}


            """.ReplaceLineEndings("\n"));

        Assert.Equal(("PPF", "one two", 14L, 45L), (read.Kinds, read.Text, read.Input, read.Output));
    }

    [Fact]
    public void Each_image_adds_its_usage_and_the_last_ends_the_stream()
    {
        using var reader = ResponseReader.Rent(ImageGenerations, dropUsage: true, answers: 2);
        const string first = "event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"AAAA\",\"usage\":{\"input_tokens\":10,\"output_tokens\":100,\"total_tokens\":110}}\n\n";

        Assert.NotEqual(0, reader.NextEvent(System.Text.Encoding.UTF8.GetBytes("data: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"AAAA\"}\n\n"), out var partial));
        Assert.NotEqual(0, reader.NextEvent(System.Text.Encoding.UTF8.GetBytes(first), out var one));
        Assert.NotEqual(0, reader.NextEvent(System.Text.Encoding.UTF8.GetBytes(first), out var two));

        Assert.Equal((SseAction.Pass, SseAction.Pass, SseAction.Final), (partial, one, two));
        Assert.Equal((20, 200), (reader.InputTokens, reader.OutputTokens));
    }
}
