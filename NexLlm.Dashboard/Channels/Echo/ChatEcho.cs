namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>Builds responses of <c>/v1/chat/completions</c>.</summary>
internal static class ChatEcho
{
    public static object Whole(EchoReply reply) => new
    {
        Id = Id(reply),
        Object = "chat.completion",
        reply.Created,
        reply.Model,
        Choices = reply.Texts.Select((text, index) => new
        {
            Index = index,
            Message = new { Role = "assistant", Content = text.Text, Rejection = (string?)null },
            Logprobs = (object?)null,
            text.FinishReason,
        }),
        Usage = reply.CompletionUsage,
    };

    public static IEnumerable<EchoEvent> Events(EchoReply reply)
    {
        foreach (var (index, text) in reply.Texts.Index())
        {
            yield return Chunk(reply, index, new { Role = "assistant", Content = "", Rejection = (string?)null }, null);
            foreach (var word in text.Words())
            {
                yield return Chunk(reply, index, new { Content = word }, null);
            }

            yield return Chunk(reply, index, new { }, text.FinishReason);
        }

        if (reply.IncludesUsage)
        {
            yield return Chunk(reply, [], reply.CompletionUsage);
        }

        yield return EchoEvent.Done;
    }

    private static EchoEvent Chunk(EchoReply reply, int index, object delta, string? finishReason) =>
        Chunk(reply, [new { Index = index, Delta = delta, Logprobs = (object?)null, FinishReason = finishReason }], null);

    private static EchoEvent Chunk(EchoReply reply, object[] choices, object? usage) =>
        new(null, new { Id = Id(reply), Object = "chat.completion.chunk", reply.Created, reply.Model, Choices = choices, Usage = usage });

    private static string Id(EchoReply reply) => $"chatcmpl-{reply.Id}";
}
