using System.Text;
using System.Text.Json;
using CsCheck;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Tests.Channels.Tokens;

public sealed class PromptCounterTests
{
    private static readonly TokenCounter _tokens = new();
    private static readonly PromptCounter _counter = new(_tokens);

    [Fact]
    public void All_that_the_model_sees_is_counted_and_3_for_each_message_and_for_the_answer()
    {
        const string system = "You are brief.";
        const string question = "Why is the sky blue?";
        var body = JsonSerializer.Serialize(new
        {
            model = "this is not seen",
            messages = new object[] { new { role = "system", content = system }, new { role = "user", content = new[] { new { type = "text", text = question } } } },
            user = "nor is this",
        });

        Assert.Equal(3 + 3 + Of("role", "system", "content", system) + 3 + Of("role", "user", "content", "type", "text", "text", question), Count(body));
    }

    [Theory]
    [InlineData("""{"input":"hello world"}""", 3 + 2)]
    [InlineData("""{"input":["hello world","hello world"]}""", 3 + 4)]
    [InlineData("""{"prompt":[1,2,3,4]}""", 3 + 4)]
    [InlineData("""{"prompt":[[1,2],[3]]}""", 3 + 3)]
    [InlineData("""{"instructions":"hello world","input":[{"role":"user","content":"hello world"}]}""", 3 + 2 + 3 + 5)]
    [InlineData("""{"system":"hello world","messages":[]}""", 3 + 2)]
    [InlineData("""{"messages":[],"tools":[{"name":"hello world"}],"functions":[{"name":"hello world"}]}""", 3 + 3 + 3)]
    [InlineData("""{"model":"hello","metadata":{"messages":"hello"},"stop":["hello"]}""", 3)]
    public void Each_api_has_its_prompt_in_its_own_members(string body, int tokens) => Assert.Equal(tokens, Count(body));

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,#"}}""")]
    [InlineData("""{"type":"input_image","image_url":"data:image/png;base64,#"}""")]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"#"}}""")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"#","format":"wav"}}""")]
    [InlineData("""{"type":"file","file":{"file_data":"data:application/pdf;base64,#"}}""")]
    public void Media_are_not_text(string part) =>
        Assert.Equal(Count(Message(part, "")), Count(Message(part, Convert.ToBase64String(new byte[30_000]))));

    [Theory]
    [InlineData("""{"type":"text","text":"data:image/png;base64,#"}""")]
    [InlineData("""{"type":"tool_use","id":"1","name":"f","input":{"data":"#"}}""")]
    [InlineData("""{"type":"tool_use","id":"1","name":"f","input":{"source":{"data":"#"},"url":"data:#"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.com/#"}}""")]
    [InlineData("""{"data":"#"}""")]
    public void Text_that_looks_like_media_is_counted(string part) =>
        Assert.True(Count(Message(part, "one two three four five six")) >= Count(Message(part, "")) + 5);

    [Theory]
    [InlineData("\"\\ud83d\"")]
    [InlineData("\"\\ude00 and more\"")]
    public void Half_a_character_is_bounded_by_its_bytes(string text) =>
        Assert.InRange(Count($$"""{"input":{{text}}}"""), 3, 3 + text.Length);

    [Fact]
    public void A_prompt_never_has_more_tokens_than_its_body_has_bytes()
    {
        var value = Gen.Recursive<object>((depth, inner) => depth > 4
            ? Gen.String[0, 5].Select(s => (object)s)
            : Gen.OneOf(
                Gen.String[0, 8].Select(s => (object)s),
                Gen.Int.Select(i => (object)i),
                Gen.Bool.Select(b => (object)b),
                inner.Array[0, 6].Select(a => (object)a),
                Gen.Dictionary(Gen.String[0, 3], inner)[0, 4].Select(d => (object)d)));
        Gen.Select(Gen.OneOf("messages", "input", "prompt", "tools", "system"), value).Sample(
            (name, content) =>
            {
                var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { [name] = content });
                Assert.InRange(_counter.Count(body), 3, body.Length);
            },
            iter: 2_000);
        Assert.InRange(Count("""{"input":[{},{},{},{},{}]}"""), 3, """{"input":[{},{},{},{},{}]}""".Length);
    }

    private static string Message(string part, string text) => $$"""{"messages":[{"role":"user","content":[{{part.Replace("#", text, StringComparison.Ordinal)}}]}]}""";

    private static int Count(string body) => _counter.Count(Encoding.UTF8.GetBytes(body));

    private static int Of(params string[] texts) => texts.Sum(text => _tokens.Count(text));
}
