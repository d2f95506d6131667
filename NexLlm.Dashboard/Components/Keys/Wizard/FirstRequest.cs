using System.Text.Encodings.Web;
using System.Text.Json;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

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

    /// <summary>Of the models that the key may call, the first that OpenAI's clients can; null if it may call none.</summary>
    /// <param name="routes">The key's group; null if it is off.</param>
    public static FirstRequest? Of(KeyPolicy policy, GroupRoutes? routes) => routes?.Models
        .Where(policy.Models.Allows)
        .Select(model => new FirstRequest(model, routes.Find(model)!.Speaks(UpstreamApi.ChatCompletions) ? UpstreamApi.ChatCompletions : UpstreamApi.Messages))
        .OrderBy(request => request.IsAnthropic).ThenBy(request => request.Model, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>JSON's way of quoting, which is valid in every language of the examples.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
