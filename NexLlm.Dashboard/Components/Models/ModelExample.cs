using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Examples;
using static NexLlm.Dashboard.Components.Keys.Examples.FirstRequest;

namespace NexLlm.Dashboard.Components.Models;

/// <summary>A request to a model that runs in a shell once the key is inserted.</summary>
public sealed record ModelExample(UpstreamApi Api, string Curl)
{
    private const string Key = "YOUR_API_KEY";

    /// <summary>One example per API of the model.</summary>
    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    public static IReadOnlyList<ModelExample> All(string baseUrl, CatalogModel model) => [.. model.Apis.Select(api => new ModelExample(api, Of(baseUrl, model.Name, api)))];

    private static string Of(string baseUrl, string model, UpstreamApi api)
    {
        string[] credential = api.IsAnthropic() ? [$"x-api-key: {Key}", $"anthropic-version: {AnthropicVersion}"] : [$"Authorization: Bearer {Key}"];
        var start = $"curl {baseUrl}{api.Path()}" + string.Concat(credential.Select(header => $" \\\n  -H \"{header}\""));
        // A file is sent as a form; curl sets its content type.
        return IsForm(api)
            ? start + string.Concat(Form(api, model).Select(part => $" \\\n  -F {Snippet.InShell(part)}"))
            : $"{start} \\\n  -H \"Content-Type: application/json\" \\\n  -d {Snippet.InShell(Body(api, model))}" + (api is UpstreamApi.Speech ? " \\\n  --output speech.mp3" : "");
    }

    private static bool IsForm(UpstreamApi api) => api is UpstreamApi.Transcriptions or UpstreamApi.Translations or UpstreamApi.ImageEdits;

    private static string[] Form(UpstreamApi api, string model) => api is UpstreamApi.ImageEdits
        ? [$"model={model}", "image=@image.png", "prompt=Add a hat"]
        : [$"model={model}", "file=@audio.mp3"];

    private static string Body(UpstreamApi api, string model) => api switch
    {
        UpstreamApi.ChatCompletions or UpstreamApi.Messages => new FirstRequest(model, api).Body,
        UpstreamApi.CountTokens => With(model, "\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]"),
        UpstreamApi.Completions => With(model, "\"prompt\": \"Hello\", \"max_tokens\": 256"),
        UpstreamApi.ImageGenerations => With(model, "\"prompt\": \"A lighthouse at dusk\""),
        UpstreamApi.Speech => With(model, "\"input\": \"Hello\", \"voice\": \"alloy\""),
        UpstreamApi.Rerank => With(model, "\"query\": \"Hello\", \"documents\": [\"Hello there\", \"Goodbye\"]"),
        _ => With(model, "\"input\": \"Hello\""),
    };

    private static string With(string model, string rest) => $$"""{"model": {{Quoted(model)}}, {{rest}}}""";
}
