using System.Text.Encodings.Web;
using System.Text.Json;
using NexLlm.Dashboard.Channels;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>The first request with a new key, shown in the examples and sent by the test.</summary>
/// <param name="Model">The ID of a model the key can use.</param>
/// <param name="Api">The model's API: <see cref="UpstreamApi.ChatCompletions"/>, otherwise <see cref="UpstreamApi.Messages"/>.</param>
public sealed record FirstRequest(string Model, UpstreamApi Api)
{
    /// <summary>The Anthropic API version sent with requests in its dialect.</summary>
    public const string AnthropicVersion = "2023-06-01";

    public bool IsAnthropic => Api.IsAnthropic();

    /// <summary>Relative to <c>/v1</c>.</summary>
    public string Path => Api.Path();

    /// <summary>JSON on one line.</summary>
    public string Body => $$"""{"model": {{Quoted(Model)}}, {{(IsAnthropic ? "\"max_tokens\": 256, " : "")}}"messages": [{"role": "user", "content": "Hello"}]}""";

    /// <summary>A JSON string literal, which is valid in every language of the examples.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
