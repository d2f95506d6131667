using static NexLlm.Dashboard.Components.Keys.Examples.FirstRequest;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>Anthropic's own clients, which add <c>/v1</c> themselves; for keys whose models support no other API.</summary>
internal static class AnthropicExamples
{
    public static IReadOnlyList<Snippet> All(string baseUrl, FirstRequest request, string key)
    {
        var root = baseUrl[..^"/v1".Length];
        return
        [
            Snippet.Curl(baseUrl, request, $"x-api-key: {key}", $"anthropic-version: {AnthropicVersion}"),
            new("Python", Python(root, request.Model, key)),
            new("C#", CSharp(baseUrl, request.Model, key)),
            new("JavaScript", JavaScript(root, request.Model, key)),
            new(Snippet.Env, $"ANTHROPIC_API_KEY={key}\nANTHROPIC_BASE_URL={root}"),
        ];
    }

    private static string Python(string root, string model, string key) => $$"""
        from anthropic import Anthropic

        client = Anthropic(base_url={{Quoted(root)}}, api_key="{{key}}")
        reply = client.messages.create(
            model={{Quoted(model)}},
            max_tokens=256,
            messages=[{"role": "user", "content": "Hello"}],
        )
        print(reply.content[0].text)
        """;

    private static string CSharp(string baseUrl, string model, string key) => $$"""
        using System.Net.Http.Json;

        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("x-api-key", "{{key}}");
        client.DefaultRequestHeaders.Add("anthropic-version", "{{AnthropicVersion}}");
        var reply = await client.PostAsJsonAsync({{Quoted($"{baseUrl}/messages")}}, new
        {
            model = {{Quoted(model)}},
            max_tokens = 256,
            messages = new[] { new { role = "user", content = "Hello" } },
        });
        Console.WriteLine(await reply.Content.ReadAsStringAsync());
        """;

    private static string JavaScript(string root, string model, string key) => $$"""
        import Anthropic from "@anthropic-ai/sdk";

        const client = new Anthropic({ baseURL: {{Quoted(root)}}, apiKey: "{{key}}" });
        const reply = await client.messages.create({
          model: {{Quoted(model)}},
          max_tokens: 256,
          messages: [{ role: "user", content: "Hello" }],
        });
        console.log(reply.content[0].text);
        """;
}
