namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>Builds responses of <c>/v1/completions</c>.</summary>
internal static class CompletionsEcho
{
    public static object Whole(EchoReply reply) =>
        Answer(reply, reply.Texts.Select((text, index) => Choice(index, text.Text, text.FinishReason)), reply.CompletionUsage);

    public static IEnumerable<EchoEvent> Events(EchoReply reply)
    {
        foreach (var (index, text) in reply.Texts.Index())
        {
            foreach (var word in text.Words())
            {
                yield return new(null, Answer(reply, [Choice(index, word, null)], null));
            }

            yield return new(null, Answer(reply, [Choice(index, "", text.FinishReason)], null));
        }

        if (reply.IncludesUsage)
        {
            yield return new(null, Answer(reply, [], reply.CompletionUsage));
        }

        yield return EchoEvent.Done;
    }

    private static object Answer(EchoReply reply, IEnumerable<object> choices, object? usage) =>
        new { Id = $"cmpl-{reply.Id}", Object = "text_completion", reply.Created, reply.Model, Choices = choices, Usage = usage };

    private static object Choice(int index, string text, string? finishReason) =>
        new { Text = text, Index = index, Logprobs = (object?)null, FinishReason = finishReason };
}
