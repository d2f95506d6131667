namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>A ready-to-paste example of using a key.</summary>
/// <param name="Name">The label of its tab.</param>
/// <param name="Text">The text to copy; empty if the key has no model for this client.</param>
/// <param name="Note">Where to put the text, or why there is none.</param>
public sealed record Snippet(string Name, string Text, string? Note = null)
{
    public const string Env = ".env";

    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    /// <param name="models">The models named in the snippets.</param>
    /// <param name="key">The key or its placeholder.</param>
    public static IReadOnlyList<Snippet> All(string baseUrl, ExampleModels models, string key)
    {
        IReadOnlyList<Snippet> code = models.Request is { IsAnthropic: true } request
            ? AnthropicExamples.All(baseUrl, request, key)
            : OpenAIExamples.All(baseUrl, models.Request ?? ExampleModels.Placeholder.Request!, key);
        return
        [
            .. code.Where(snippet => snippet.Name != Env),
            AgentExamples.ClaudeCode(baseUrl, models.Messages, key),
            AgentExamples.Codex(baseUrl, models.Responses, key),
            AppExamples.Cline(baseUrl, models.Chat, key),
            AppExamples.Continue(baseUrl, models.Chat, key),
            AppExamples.OpenWebUI(baseUrl, models.Chat, key),
            code.Single(snippet => snippet.Name == Env),
        ];
    }

    /// <summary>Runs in a shell as is, or with <c>"stream": true</c> added to the body.</summary>
    /// <param name="headers">Names and values, including the credential.</param>
    public static Snippet Curl(string baseUrl, FirstRequest request, params IEnumerable<string> headers)
    {
        var options = headers.Append("Content-Type: application/json").Select(header => $" \\\n  -H \"{header}\"");
        return new("curl", $"curl {baseUrl}{request.Path}{string.Concat(options)} \\\n  -d {InShell(request.Body)}");
    }

    /// <summary>A snippet without text, because no model of the key supports the API the client needs.</summary>
    public static Snippet Unavailable(string client, string api) =>
        new(client, "", $"{client} uses the {api} API, and no model of this key supports it.");

    /// <summary>Quotes any text as one word of a POSIX shell.</summary>
    public static string InShell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
