using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;
using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>The numbers of a request that bound what it can cost.</summary>
public sealed class RequestNumberTests
{
    public static TheoryData<string> NoWholeNumbers =>
        ["0", "-0", "-1", "0.0", "-1.0", "0.5", "1.5", "1.0000001", "12e-1", "1e400", "1e-400", "9223372036854775808", "9223372036854775807.0", "99999999999999999999999", "\"1\"", "\"1.0\"", "true", "[1]", "{}"];

    [Theory]
    [MemberData(nameof(NoWholeNumbers))]
    public void What_is_no_whole_number_from_1_on_is_refused_by_name(string number)
    {
        (UpstreamApi, string)[] members =
        [
            (ChatCompletions, "n"), (ChatCompletions, "max_tokens"), (ChatCompletions, "max_completion_tokens"),
            (Completions, "n"), (Completions, "best_of"), (Completions, "max_tokens"), (Responses, "max_output_tokens"),
        ];
        foreach (var (api, member) in members)
        {
            var error = Bodies.Refused(api, Bodies.With(api, $"\"{member}\":{number}"));
            Assert.Equal((Verdict.InvalidRequest, member), (error.Verdict, error.Param));
        }

        Assert.Equal("max_tokens", Bodies.Refused(Messages, $$"""{"model":"m","max_tokens":{{number}}}""").Param);
    }

    [Theory]
    [InlineData("64.0", 64)]
    [InlineData("6.4e1", 64)]
    [InlineData("64E0", 64)]
    [InlineData("0.64e+2", 64)]
    [InlineData("640e-1", 64)]
    public void A_whole_number_goes_upstream_as_one_however_it_is_written(string written, long meant)
    {
        (UpstreamApi, string)[] members =
        [
            (ChatCompletions, "n"), (ChatCompletions, "max_tokens"), (ChatCompletions, "max_completion_tokens"),
            (Completions, "n"), (Completions, "best_of"), (Completions, "max_tokens"), (Responses, "max_output_tokens"),
        ];
        foreach (var (api, member) in members)
        {
            var body = Bodies.With(api, $"\"{member}\" : {written} ,\"temperature\":1.0");
            var sent = Bodies.Upstream(api, body);

            Assert.Equal($"{meant}", sent.GetProperty(member).GetRawText());
            Assert.Equal("1.0", sent.GetProperty("temperature").GetRawText());
            Assert.Equal(member.StartsWith("max", StringComparison.Ordinal) ? meant : null, Bodies.Found(api, body).Cap);
            Assert.Equal(member.StartsWith("max", StringComparison.Ordinal) ? 1 : meant, Bodies.Found(api, body).Answers);
        }

        Assert.Equal("64", Bodies.Upstream(Messages, $$"""{"model":"m","max_tokens":{{written}}}""").GetProperty("max_tokens").GetRawText());
        Assert.Equal("50", Bodies.Upstream(Messages, $$"""{"model":"m","max_tokens":{{written}}}""", cap: 50).GetProperty("max_tokens").GetRawText());
    }

    [Theory]
    [InlineData("n", 128)]
    [InlineData("max_tokens", int.MaxValue)]
    [InlineData("max_completion_tokens", int.MaxValue)]
    public void A_number_has_a_largest_value(string member, long most)
    {
        Bodies.Found(ChatCompletions, Bodies.With(ChatCompletions, $"\"{member}\":{most}"));

        Assert.Equal(member, Bodies.Refused(ChatCompletions, Bodies.With(ChatCompletions, $"\"{member}\":{most + 1}")).Param);
    }

    [Theory]
    [InlineData("\"max_tokens\":7", 7L)]
    [InlineData("\"max_completion_tokens\":7", 7L)]
    [InlineData("\"max_tokens\":7,\"max_completion_tokens\":9", 7L)]
    [InlineData("\"max_tokens\":9,\"max_completion_tokens\":7", 7L)]
    [InlineData("\"max_tokens\":null,\"max_completion_tokens\":7", 7L)]
    [InlineData("\"max_tokens\":null", null)]
    [InlineData("\"max_output_tokens\":7", null)]
    public void The_smaller_of_two_caps_rules(string members, long? cap) =>
        Assert.Equal(cap, Bodies.Found(ChatCompletions, Bodies.With(ChatCompletions, members)).Cap);

    [Theory]
    [InlineData(ChatCompletions, "\"user\":\"a\"", 1)]
    [InlineData(ChatCompletions, "\"n\":128", 128)]
    [InlineData(ChatCompletions, "\"n\":null", 1)]
    [InlineData(Completions, "\"n\":2,\"best_of\":5", 5)]
    [InlineData(Completions, "\"best_of\":5", 5)]
    [InlineData(Completions, "\"n\":5,\"best_of\":5", 5)]
    [InlineData(Responses, "\"n\":3", 3)]
    [InlineData(Embeddings, "\"n\":3", 0)]
    public void Answers_are_as_many_as_the_upstream_may_make(UpstreamApi api, string members, long answers) =>
        Assert.Equal(answers, Bodies.Found(api, Bodies.With(api, members)).Answers);

    [Theory]
    [InlineData("\"one\"", 3)]
    [InlineData("[\"one\"]", 3)]
    [InlineData("[\"one\",\"two\"]", 6)]
    [InlineData("[1,2,3]", 3)]
    [InlineData("[[1,2,3]]", 3)]
    [InlineData("[[1,2],[3],[4,5]]", 9)]
    [InlineData("[\"one\",[1],2]", 9)]
    [InlineData("[]", 3)]
    [InlineData("null", 3)]
    public void Each_prompt_has_its_own_window_and_answers(string prompt, long answers)
    {
        var completions = Bodies.Found(Completions, $$"""{"n":3,"model":"m","prompt":{{prompt}}}""");
        var embeddings = Bodies.Found(Embeddings, $$"""{"model":"m","input":{{prompt}}}""");

        Assert.Equal((answers, answers / 3), (completions.Answers, completions.Prompts));
        Assert.Equal((0, answers / 3), (embeddings.Answers, embeddings.Prompts));
    }

    [Fact]
    public void Fewer_candidates_than_answers_are_refused()
    {
        Assert.Equal("best_of", Bodies.Refused(Completions, Bodies.With(Completions, "\"best_of\":2,\"n\":3")).Param);
        Assert.Equal("best_of", Bodies.Refused(Completions, Bodies.With(Completions, "\"best_of\":1,\"n\":2")).Param);
    }

    [Fact]
    public void The_Messages_API_needs_its_cap()
    {
        Assert.Equal("max_tokens", Bodies.Refused(Messages, """{"model":"m","messages":[]}""").Param);
        Assert.Equal("max_tokens", Bodies.Refused(Messages, """{"model":"m","max_tokens":null,"messages":[]}""").Param);
        Assert.Equal(16, Bodies.Found(Messages, Bodies.With(Messages, "\"system\":\"a\"")).Cap);
    }
}
