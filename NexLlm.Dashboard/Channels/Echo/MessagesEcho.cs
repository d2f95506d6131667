namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>Builds responses of Anthropic's <c>/v1/messages</c> and <c>/v1/messages/count_tokens</c>.</summary>
internal static class MessagesEcho
{
    public static object Whole(EchoReply reply) => Message(reply, [new { Type = "text", reply.Texts[0].Text }], StopReason(reply), reply.OutputTokens);

    /// <exception cref="EchoRefusal">The request has no model or no messages.</exception>
    public static object Count(EchoRequest asked, int promptTokens)
    {
        _ = (asked.Model, asked.LastUserText);
        return new { InputTokens = promptTokens };
    }

    public static IEnumerable<EchoEvent> Events(EchoReply reply)
    {
        yield return Event("message_start", new { Type = "message_start", Message = Message(reply, [], null, 0) });
        yield return Event("content_block_start", new { Type = "content_block_start", Index = 0, ContentBlock = new { Type = "text", Text = "" } });
        foreach (var word in reply.Texts[0].Words())
        {
            yield return Event("content_block_delta", new { Type = "content_block_delta", Index = 0, Delta = new { Type = "text_delta", Text = word } });
        }

        yield return Event("content_block_stop", new { Type = "content_block_stop", Index = 0 });
        yield return Event("message_delta", new
        {
            Type = "message_delta",
            Delta = new { StopReason = StopReason(reply), StopSequence = (string?)null },
            Usage = new { reply.OutputTokens },
        });
        yield return Event("message_stop", new { Type = "message_stop" });
    }

    private static object Message(EchoReply reply, object[] content, string? stopReason, int outputTokens) => new
    {
        Id = $"msg_{reply.Id}",
        Type = "message",
        Role = "assistant",
        reply.Model,
        Content = content,
        StopReason = stopReason,
        StopSequence = (string?)null,
        Usage = new { InputTokens = reply.PromptTokens, OutputTokens = outputTokens },
    };

    private static string StopReason(EchoReply reply) => reply.Texts[0].IsCut ? "max_tokens" : "end_turn";

    private static EchoEvent Event(string name, object data) => new(name, data);
}
