using System.Text;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Keys.Policy;
using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

public sealed class RequestScannerTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("\"model\"")]
    [InlineData("""[{"model":"m"}]""")]
    [InlineData("""{"model":"m"}{}""")]
    [InlineData("""{"model":"m"} x""")]
    [InlineData("""{"model":"m",}""")]
    [InlineData("""{"model":"m"/* or another */}""")]
    [InlineData("{\"model\":\"m\"} // or another")]
    [InlineData("""{"model":"m" """)]
    [InlineData("""{'model':'m'}""")]
    [InlineData("""{"model":"m","a":01}""")]
    [InlineData("""{"model":"m","a":NaN}""")]
    [InlineData("""{"model":"m","a":"\x"}""")]
    [InlineData("""{"model":"m","a":"\ud8"}""")]
    [InlineData("{\"model\":\"m\",\"a\":\"\n\"}")]
    [InlineData("\uFEFF{\"model\":\"m\"}")]
    [InlineData("""{"model":"m","\ud800":1}""")]
    public void A_body_that_is_not_one_JSON_object_is_refused(string body)
    {
        var error = Bodies.Refused(ChatCompletions, body);

        Assert.Equal(Verdict.InvalidRequest, error.Verdict);
        Assert.DoesNotContain("Exception", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC0)]
    [InlineData(0xED, 0xA0, 0x80)]
    [InlineData(0xE2, 0x84)]
    public void A_body_that_is_not_UTF_8_is_refused(params int[] wrong)
    {
        byte[] body = [.. "{\"model\":\"m\",\"user\":\""u8, .. wrong.Select(b => (byte)b), .. "\"}"u8];

        Assert.Equal(Verdict.InvalidRequest, Bodies.Refused(ChatCompletions, body).Verdict);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100_000, false)]
    public void A_body_has_at_most_64_levels(int inner, bool right)
    {
        var body = $$"""{"model":"m","a":{{new string('[', inner)}}{{new string(']', inner)}}}""";

        Assert.Equal(right, Bodies.Forwarded(ChatCompletions, body) is not null);
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"b":{"c":[{"a":1,"b":{"a":1},"a":2}]}}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","type":"object"}}}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a","content":"b"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","Type":"image_url","text":"a"}]}]}""")]
    [InlineData("""{"stream_options":{"include_usage":true,"include_usage":false}}""")]
    [InlineData("""{"metadata":{"é":1,"\u00e9":2}}""")]
    public void A_member_that_stands_twice_is_refused_at_any_depth(string members)
    {
        var error = Bodies.Refused(ChatCompletions, $$"""{"model":"m",{{members[1..]}}""");

        Assert.Equal(Verdict.InvalidRequest, error.Verdict);
        Assert.NotNull(error.Param);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(500)]
    [InlineData(20_000)]
    public void A_member_that_stands_twice_is_found_among_any_number_of_others(int count)
    {
        var members = Enumerable.Range(0, count).Select(i => $"\"member{i}\":{i}").ToArray();
        var right = $$$"""{"model":"m","metadata":{{{{string.Join(',', members)}}}}}""";
        Bodies.Found(ChatCompletions, right);
        Bodies.Found(ChatCompletions, $$"""{"model":"m",{{string.Join(',', members)}}}""");

        foreach (var (first, second) in new[] { (0, count - 1), (count - 2, count - 1), (0, 1) })
        {
            var twice = members.ToArray();
            twice[second] = twice[first];
            Bodies.Refused(ChatCompletions, $$$"""{"model":"m","metadata":{{{{string.Join(',', twice)}}}}}""");
            Bodies.Refused(ChatCompletions, $$"""{"model":"m",{{string.Join(',', twice)}}}""");
        }
    }

    [Fact]
    public void Only_equal_names_share_a_hash()
    {
        var names = Enumerable.Range(0, 50_000).SelectMany(i => new[] { $"{i}", $"a{i:x}", $"property_number_{i}", $"{i}_is_longer_than_sixteen" });

        var hashes = names.Select(name => NameHash.Of(Encoding.UTF8.GetBytes(name), out _)).ToList();

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData("""{"metadata":{"Name":1,"name":2}}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"Type":{},"type":{},"file_id":{"a":1},"container":"c"}}}}]}""")]
    public void The_clients_own_JSON_may_have_names_that_differ_by_case(string members) =>
        Bodies.Found(ChatCompletions, $$"""{"model":"m",{{members[1..]}}""");

    [Theory]
    [InlineData("Stream")]
    [InlineData("STREAM")]
    [InlineData("\u017Ftream")]
    [InlineData("\\u017ftream")]
    [InlineData("max_to\u212Aens")]
    [InlineData("Max_Tokens")]
    [InlineData("N")]
    [InlineData("Messages")]
    [InlineData("Store")]
    [InlineData("Stream_Options")]
    public void A_name_that_is_read_here_may_not_be_written_in_another_case(string name)
    {
        var error = Bodies.Refused(ChatCompletions, $$"""{"model":"m","{{name}}":1}""");

        Assert.Equal(Verdict.InvalidRequest, error.Verdict);
        Assert.Equal(error.Param, error.Param?.ToLowerInvariant());
        Assert.Contains("lower case", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"model":null}""")]
    [InlineData("""{"model":""}""")]
    [InlineData("""{"model":" \t\u00a0"}""")]
    [InlineData("""{"metadata":{"model":"m"}}""")]
    public void A_body_without_a_model_is_told_to_name_one(string body)
    {
        var error = Bodies.Refused(ChatCompletions, body);

        Assert.Equal(Verdict.ModelRequired, error.Verdict);
        Assert.Equal("model", error.Param);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("""["m"]""")]
    [InlineData("""{"name":"m"}""")]
    [InlineData("\"\\ud800\"")]
    public void A_model_is_a_string(string model)
    {
        var error = Bodies.Refused(ChatCompletions, $$"""{"model":{{model}}}""");

        Assert.Equal(Verdict.InvalidRequest, error.Verdict);
        Assert.Equal("model", error.Param);
    }

    [Theory]
    [InlineData("gpt-4o", "gpt-4o")]
    [InlineData("g\\u0070t\\u002d4o", "gpt-4o")]
    [InlineData("a\\/b\\\"c", "a/b\"c")]
    [InlineData("modèle-漢字-😀", "modèle-漢字-😀")]
    [InlineData("\\ud83d\\ude00", "😀")]
    public void The_model_is_read_as_the_client_means_it(string written, string meant) =>
        Assert.Equal(meant, Bodies.Model(ChatCompletions, $$"""{"model": "{{written}}" }"""));

    [Theory]
    [InlineData("a")]
    [InlineData("\\u0061")]
    [InlineData("é")]
    [InlineData("漢")]
    public void A_model_has_at_most_200_characters(string letter)
    {
        string Body(int length) => $$"""{"model":"{{string.Concat(Enumerable.Repeat(letter, length))}}"}""";

        Assert.Equal(200, Bodies.Model(ChatCompletions, Body(200)).Length);
        Assert.Equal("model", Bodies.Refused(ChatCompletions, Body(201)).Param);
        Assert.Equal("model", Bodies.Refused(ChatCompletions, Body(5_000)).Param);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("store")]
    public void A_switch_is_true_false_or_null(string member)
    {
        foreach (var value in new[] { "1", "0", "\"true\"", "[]", "{}" })
            Assert.Equal(member, Bodies.Refused(ChatCompletions, Bodies.With(ChatCompletions, $"\"{member}\":{value}")).Param);
        foreach (var value in new[] { "true", "false", "null" })
            Assert.Equal(member == "stream" && value == "true", Bodies.Found(ChatCompletions, Bodies.With(ChatCompletions, $"\"{member}\":{value}")).Stream);
    }

    [Theory]
    [InlineData("\"stream_options\":{\"include_usage\":true}", true)]
    [InlineData("\"stream_options\":{\"include_usage\":false}", false)]
    [InlineData("\"stream_options\":{\"include_usage\":null}", false)]
    [InlineData("\"stream_options\":{}", false)]
    [InlineData("\"stream_options\":null", false)]
    [InlineData("\"user\":\"a\"", false)]
    public void Usage_is_asked_for_in_stream_options(string member, bool asked)
    {
        Assert.Equal(asked, Bodies.Found(ChatCompletions, Bodies.With(ChatCompletions, member)).IncludeUsage);
        Assert.Equal(asked, Bodies.Found(Completions, Bodies.With(Completions, member)).IncludeUsage);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{\"include_usage\":1}")]
    [InlineData("{\"Include_Usage\":true}")]
    public void Stream_options_that_cannot_be_read_are_refused(string value) =>
        Assert.Equal(Verdict.InvalidRequest, Bodies.Refused(ChatCompletions, Bodies.With(ChatCompletions, $"\"stream_options\":{value}")).Verdict);

    [Fact]
    public void Embeddings_are_not_streamed() =>
        Assert.Equal("stream", Bodies.Refused(Embeddings, Bodies.With(Embeddings, "\"stream\":true")).Param);
}
