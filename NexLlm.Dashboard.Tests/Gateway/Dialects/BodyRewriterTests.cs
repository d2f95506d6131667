using System.Buffers;
using System.Text;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;
using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

public sealed class BodyRewriterTests
{
    [Theory]
    [InlineData(ChatCompletions, """{"model":"upstream-model","messages":[],"temperature":1.0e0}""")]
    [InlineData(ChatCompletions, """{"model":"upstream-model","stream":true,"stream_options":{"include_usage":true},"max_tokens":5,"store":false}""")]
    [InlineData(Responses, """ { "store" : false , "model" : "upstream-model" } """)]
    [InlineData(Messages, """{"model":"upstream-model","max_tokens":5,"stream":true}""")]
    [InlineData(Embeddings, """{"model":"upstream-model","input":"a"}""")]
    public void A_body_that_is_as_it_should_be_is_sent_as_it_is(UpstreamApi api, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.True(RequestScanner.TryScan(api, bytes, out var found, out _));
        var written = new ArrayBufferWriter<byte>();

        Assert.False(BodyRewriter.TryRewrite(api, bytes, found, Bodies.UpstreamModel, null, written));
        Assert.Equal(0, written.WrittenCount);
    }

    [Theory]
    [InlineData("""{"model":"m","a":1}""", """{"model":"*","a":1}""")]
    [InlineData("""{ "a" : "\u0041\/" , "mod\u0065l" : "\u006d" , "b":1.50e+1 } """, """{ "a" : "\u0041\/" , "mod\u0065l" : "*" , "b":1.50e+1 } """)]
    [InlineData("""{"model":"m","api_key":null,"models":false}""", """{"model":"*","api_key":null,"models":false}""")]
    [InlineData("""{"n" : 2.0 ,"model":"m"}""", """{"n" : 2 ,"model":"*"}""")]
    [InlineData("""{"model":"m","store":true}""", """{"model":"*","store":false}""")]
    [InlineData("""{"model":"m","store":null}""", """{"model":"*","store":null}""")]
    [InlineData("""{"model":"m","stream":true}""", """{"stream_options":{"include_usage":true},"model":"*","stream":true}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":null}""", """{"model":"*","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{ },"model":"m","stream":true}""", """{"stream_options":{"include_usage":true },"model":"*","stream":true}""")]
    [InlineData("""{"model":"m","stream_options":{"a":{"b":1}},"stream":true}""", """{"model":"*","stream_options":{"include_usage":true,"a":{"b":1}},"stream":true}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"a":1,"include_usage":false}}""", """{"model":"*","stream":true,"stream_options":{"a":1,"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":null}}""", """{"model":"*","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":false,"stream_options":{"include_usage":false}}""", """{"model":"*","stream":false,"stream_options":{"include_usage":false}}""")]
    public void Only_what_the_gateway_decides_is_written_anew(string body, string upstream)
    {
        upstream = upstream.Replace("*", Bodies.UpstreamModel, StringComparison.Ordinal);

        Assert.Equal(upstream, Bodies.Forwarded(ChatCompletions, body));
        Assert.Equal(upstream, Bodies.Forwarded(Completions, body));
    }

    [Theory]
    [InlineData("""{"model":"m"}""", """{"store":false,"model":"*"}""")]
    [InlineData("""{"model":"m","store":null}""", """{"model":"*","store":false}""")]
    [InlineData("""{"model":"m","store":true,"stream":true}""", """{"model":"*","store":false,"stream":true}""")]
    [InlineData("""{"model":"m","store":false,"stream_options":{"include_obfuscation":false}}""", """{"model":"*","store":false,"stream_options":{"include_obfuscation":false}}""")]
    public void What_the_Responses_API_would_keep_it_is_told_not_to(string body, string upstream) =>
        Assert.Equal(upstream.Replace("*", Bodies.UpstreamModel, StringComparison.Ordinal), Bodies.Forwarded(Responses, body));

    [Theory]
    [InlineData(ChatCompletions, "any-model", "max_tokens")]
    [InlineData(ChatCompletions, "gpt-4o", "max_tokens")]
    [InlineData(ChatCompletions, "o1-mini", "max_completion_tokens")]
    [InlineData(ChatCompletions, "o3", "max_completion_tokens")]
    [InlineData(ChatCompletions, "o4-mini", "max_completion_tokens")]
    [InlineData(ChatCompletions, "gpt-5", "max_completion_tokens")]
    [InlineData(ChatCompletions, "openai/gpt-5-mini", "max_completion_tokens")]
    [InlineData(Completions, "o3", "max_tokens")]
    [InlineData(Responses, "o3", "max_output_tokens")]
    public void A_client_without_a_cap_gets_one_under_the_name_that_its_model_takes(UpstreamApi api, string model, string member)
    {
        var upstream = Bodies.Upstream(api, Bodies.With(api, "\"user\":\"a\""), model, cap: 50);
        var ofNull = Bodies.Upstream(api, Bodies.With(api, $"\"{member}\":null"), model, cap: 50);

        Assert.Equal(50, upstream.GetProperty(member).GetInt64());
        Assert.Single(ofNull.EnumerateObject(), m => m.Name.StartsWith("max_", StringComparison.Ordinal));
        Assert.Equal(50, ofNull.GetProperty(member).GetInt64());
    }

    [Theory]
    [InlineData(null, 80, 30)]
    [InlineData(50L, 50, 30)]
    [InlineData(10L, 10, 10)]
    [InlineData(500L, 80, 30)]
    public void A_cap_is_lowered_and_never_raised(long? cap, long ofOne, long ofTwo)
    {
        var one = Bodies.Upstream(ChatCompletions, """{"model":"m","max_tokens":80}""", cap: cap);
        var two = Bodies.Upstream(ChatCompletions, """{"max_tokens":80,"model":"m","max_completion_tokens":30}""", cap: cap);
        var ofMessages = Bodies.Upstream(Messages, """{"model":"m","max_tokens":80}""", cap: cap);

        Assert.Equal(ofOne, one.GetProperty("max_tokens").GetInt64());
        Assert.Equal(ofOne, ofMessages.GetProperty("max_tokens").GetInt64());
        Assert.Equal((ofTwo, ofTwo), (two.GetProperty("max_tokens").GetInt64(), two.GetProperty("max_completion_tokens").GetInt64()));
    }

    [Fact]
    public void Embeddings_have_no_cap() =>
        Assert.Equal("""{"model":"upstream-model","input":"a"}""", Bodies.Forwarded(Embeddings, """{"model":"m","input":"a"}""", cap: 5));

    [Theory]
    [InlineData("plain/name:free")]
    [InlineData("with \"quotes\" and \\")]
    [InlineData("modèle 漢字 😀")]
    [InlineData("a\nb")]
    public void Any_name_of_a_model_reaches_the_upstream(string model) =>
        Assert.Equal(model, Bodies.Upstream(ChatCompletions, """{"model":"m"}""", model).GetProperty("model").GetString());
}
