namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>One way to use a key, ready to paste.</summary>
/// <param name="Name">The label of its tab.</param>
/// <param name="Text">What to copy; empty where the key has no model for this client.</param>
/// <param name="Note">Where the text goes, or why there is none.</param>
public sealed record Snippet(string Name, string Text, string? Note = null)
{
    public const string Env = ".env";

    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    /// <param name="models">The models the snippets name.</param>
    /// <param name="key">What stands where the key belongs.</param>
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

    /// <summary>Runs in a shell as it stands, or with <c>"stream": true</c> added to the body.</summary>
    /// <param name="headers">Names and values, the credential among them.</param>
    public static Snippet Curl(string baseUrl, FirstRequest request, params IEnumerable<string> headers)
    {
        var options = headers.Append("Content-Type: application/json").Select(header => $" \\\n  -H \"{header}\"");
        return new("curl", $"curl {baseUrl}{request.Path}{string.Concat(options)} \\\n  -d {InShell(request.Body)}");
    }

    /// <summary>Without a text, since no model of the key speaks the API that the client needs.</summary>
    public static Snippet Unavailable(string client, string api) =>
        new(client, "", $"{client} uses the {api} API, and no model of this key supports it.");

    /// <summary>A word of a POSIX shell, whatever is in it.</summary>
    public static string InShell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
