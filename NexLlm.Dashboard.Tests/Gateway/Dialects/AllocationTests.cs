using System.Buffers;
using System.Text;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>What is done for each request and each chunk leaves nothing to the garbage collector.</summary>
public sealed class AllocationTests
{
    private static readonly string _text = string.Concat(Enumerable.Repeat("The quick brown fox \\u00e9. ", 50));

    private static string Body(UpstreamApi api) => Bodies.With(api, $$"""
        "user":"{{_text}}","stream_options":{"a":1},"api_key":null,"n":1.0,"temperature":0.7,
        "tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"} } } }],"metadata":{"\u0041":1,"B":2}
        """);

    [Theory]
    [MemberData(nameof(Bodies.Apis), MemberType = typeof(Bodies))]
    public void A_request_is_scanned_and_written_without_allocating(UpstreamApi api)
    {
        var body = Encoding.UTF8.GetBytes(Body(api));
        var to = new ArrayBufferWriter<byte>(body.Length * 2);
        var model = new char[RequestScanner.LongestModel];

        Assert.Equal(0, AllocatedBy(() =>
        {
            to.ResetWrittenCount();
            Assert.True(RequestScanner.TryScan(api, body, out var found, out var error), error?.Message);
            found.CopyModel(body, model);
            BodyRewriter.TryRewrite(api, body, found, Bodies.UpstreamModel, 50, to);
        }));
        Assert.True(to.WrittenCount > 0);
    }

    [Theory]
    [InlineData(UpstreamApi.ChatCompletions, """{"id":"c","choices":[{"index":0,"delta":{"content":"a \"word\" "},"finish_reason":null}],"usage":null}""")]
    [InlineData(UpstreamApi.Completions, """{"choices":[{"text":"a word ","index":0}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""")]
    [InlineData(UpstreamApi.Responses, """{"type":"response.output_text.delta","delta":"a word "}""")]
    [InlineData(UpstreamApi.Messages, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a word "}}""")]
    public void A_chunk_is_read_without_allocating(UpstreamApi api, string chunk)
    {
        using var reader = ResponseReader.Rent(api, dropUsage: true);
        var bytes = Encoding.UTF8.GetBytes($"event: e\ndata: {chunk}\n\n");

        // The text's buffer comes from a pool and grows seldom: here before it is looked at.
        Assert.Equal(0, AllocatedBy(() => reader.NextEvent(bytes, out _)));
        Assert.True(reader.Deltas > 0);
    }

    [Fact]
    public void A_part_of_an_answer_is_read_without_allocating()
    {
        using var reader = ResponseReader.Rent(UpstreamApi.Embeddings, dropUsage: true);
        reader.ReadJson("{\"data\":[{\"embedding\":["u8, last: false);
        var numbers = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("0.123456,", 100)));

        Assert.Equal(0, AllocatedBy(() => reader.ReadJson(numbers, last: false)));
    }

    [Fact]
    public void What_is_thrown_away_is_seen() => Assert.NotEqual(0, AllocatedBy(() => _ = new object[1]));

    private static long AllocatedBy(Action action)
    {
        for (var i = 0; i < 2_000; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
