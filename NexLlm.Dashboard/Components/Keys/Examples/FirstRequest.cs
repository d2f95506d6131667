using System.Text.Encodings.Web;
using System.Text.Json;
using NexLlm.Dashboard.Channels;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>The request that a new key is tried with: the examples show it, and the test sends it.</summary>
/// <param name="Model">The id of a model that the key may call.</param>
/// <param name="Api">How the model is served: <see cref="UpstreamApi.ChatCompletions"/>, or else <see cref="UpstreamApi.Messages"/>.</param>
public sealed record FirstRequest(string Model, UpstreamApi Api)
{
    /// <summary>The version of Anthropic's API that a request of its dialect names.</summary>
    public const string AnthropicVersion = "2023-06-01";

    public bool IsAnthropic => Api.IsAnthropic();

    /// <summary>Below <c>/v1</c>.</summary>
    public string Path => Api.Path();

    /// <summary>JSON on one line.</summary>
    public string Body => $$"""{"model": {{Quoted(Model)}}, {{(IsAnthropic ? "\"max_tokens\": 256, " : "")}}"messages": [{"role": "user", "content": "Hello"}]}""";

    /// <summary>JSON's way of quoting, which is valid in every language of the examples.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
