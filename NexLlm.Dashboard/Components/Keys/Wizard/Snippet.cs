namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>A first request in several languages, ready to paste.</summary>
/// <param name="Name">What its tab says.</param>
internal sealed record Snippet(string Name, string Text)
{
    public const string Env = ".env";

    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="key">What stands where the key belongs.</param>
    public static IReadOnlyList<Snippet> All(string baseUrl, FirstRequest request, string key) =>
        request.IsAnthropic ? AnthropicExamples.All(baseUrl, request, key) : OpenAIExamples.All(baseUrl, request, key);

    /// <summary>Runs in a shell as it stands, or with <c>"stream": true</c> added to the body.</summary>
    /// <param name="headers">Names and values, the credential among them.</param>
    public static Snippet Curl(string baseUrl, FirstRequest request, params IEnumerable<string> headers)
    {
        var options = headers.Append("Content-Type: application/json").Select(header => $" \\\n  -H \"{header}\"");
        var body = request.Body.Replace("'", "'\\''", StringComparison.Ordinal);
        return new("curl", $"curl {baseUrl}{request.Path}{string.Concat(options)} \\\n  -d '{body}'");
    }
}
