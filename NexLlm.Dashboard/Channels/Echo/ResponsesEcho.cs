namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>Builds responses of <c>/v1/responses</c>.</summary>
internal static class ResponsesEcho
{
    private const string InProgress = "in_progress";

    public static object Whole(EchoReply reply) => Response(reply, Status(reply), [Message(reply, Status(reply), [Part(reply.Texts[0].Text)])], isOver: true);

    public static IEnumerable<EchoEvent> Events(EchoReply reply) =>
        Steps(reply).Select((step, number) => new EchoEvent(step.Type, step.Data(step.Type, number)));

    private static IEnumerable<(string Type, Func<string, int, object> Data)> Steps(EchoReply reply)
    {
        var (text, status, item) = (reply.Texts[0].Text, Status(reply), ItemId(reply));
        yield return Whole("response.created", Response(reply, InProgress, [], isOver: false));
        yield return Whole("response.in_progress", Response(reply, InProgress, [], isOver: false));
        yield return Item("response.output_item.added", Message(reply, InProgress, []));
        yield return Content("response.content_part.added", item, Part(""));
        foreach (var word in reply.Texts[0].Words())
        {
            yield return ("response.output_text.delta", (type, number) => new
            {
                Type = type,
                SequenceNumber = number,
                ItemId = item,
                OutputIndex = 0,
                ContentIndex = 0,
                Delta = word,
                Logprobs = Array.Empty<object>(),
            });
        }

        yield return ("response.output_text.done", (type, number) => new
        {
            Type = type,
            SequenceNumber = number,
            ItemId = item,
            OutputIndex = 0,
            ContentIndex = 0,
            Text = text,
            Logprobs = Array.Empty<object>(),
        });
        yield return Content("response.content_part.done", item, Part(text));
        yield return Item("response.output_item.done", Message(reply, status, [Part(text)]));
        yield return Whole($"response.{status}", Response(reply, status, [Message(reply, status, [Part(text)])], isOver: true));
    }

    private static (string Type, Func<string, int, object> Data) Whole(string name, object response) =>
        (name, (type, number) => new { Type = type, SequenceNumber = number, Response = response });

    private static (string Type, Func<string, int, object> Data) Item(string name, object item) =>
        (name, (type, number) => new { Type = type, SequenceNumber = number, OutputIndex = 0, Item = item });

    private static (string Type, Func<string, int, object> Data) Content(string name, string item, object part) =>
        (name, (type, number) => new { Type = type, SequenceNumber = number, ItemId = item, OutputIndex = 0, ContentIndex = 0, Part = part });

    private static object Response(EchoReply reply, string status, object[] output, bool isOver) => new
    {
        Id = $"resp_{reply.Id}",
        Object = "response",
        CreatedAt = reply.Created,
        Status = status,
        Error = (object?)null,
        IncompleteDetails = isOver && reply.Texts[0].IsCut ? new { Reason = "max_output_tokens" } : null,
        Instructions = (string?)null,
        Metadata = new { },
        reply.Model,
        Output = output,
        ParallelToolCalls = true,
        PreviousResponseId = (string?)null,
        Store = false,
        Temperature = 1,
        ToolChoice = "auto",
        Tools = Array.Empty<object>(),
        TopP = 1,
        Usage = isOver ? Usage(reply) : null,
    };

    private static object Usage(EchoReply reply) => new
    {
        InputTokens = reply.PromptTokens,
        InputTokensDetails = new { CachedTokens = 0 },
        reply.OutputTokens,
        OutputTokensDetails = new { ReasoningTokens = 0 },
        TotalTokens = reply.PromptTokens + reply.OutputTokens,
    };

    private static object Message(EchoReply reply, string status, object[] content) =>
        new { Type = "message", Id = ItemId(reply), Status = status, Role = "assistant", Content = content };

    private static object Part(string text) => new { Type = "output_text", Text = text, Annotations = Array.Empty<object>(), Logprobs = Array.Empty<object>() };

    private static string Status(EchoReply reply) => reply.Texts[0].IsCut ? "incomplete" : "completed";

    private static string ItemId(EchoReply reply) => $"msg_{reply.Id}";
}
