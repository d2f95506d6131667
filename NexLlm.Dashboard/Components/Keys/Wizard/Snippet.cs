using System.Text.Encodings.Web;
using System.Text.Json;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>A first request in several languages, ready to paste.</summary>
/// <param name="Name">What its tab says.</param>
internal sealed record Snippet(string Name, string Text)
{
    public const string Env = ".env";

    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    /// <param name="key">What stands where the key belongs.</param>
    public static IReadOnlyList<Snippet> All(string baseUrl, string model, string key) =>
    [
        new("curl", Curl(baseUrl, model, key)),
        new("Python", Python(baseUrl, model, key)),
        new("C#", CSharp(baseUrl, model, key)),
        new("JavaScript", JavaScript(baseUrl, model, key)),
        new(Env, $"OPENAI_API_KEY={key}\nOPENAI_BASE_URL={baseUrl}"),
    ];

    private static string Curl(string baseUrl, string model, string key) => $$"""
        curl {{baseUrl}}/chat/completions \
          -H "Authorization: Bearer {{key}}" \
          -H "Content-Type: application/json" \
          -d '{"model": {{Quoted(model).Replace("'", "'\\''", StringComparison.Ordinal)}}, "messages": [{"role": "user", "content": "Hello"}]}'
        """;

    private static string Python(string baseUrl, string model, string key) => $$"""
        from openai import OpenAI

        client = OpenAI(base_url={{Quoted(baseUrl)}}, api_key="{{key}}")
        reply = client.chat.completions.create(
            model={{Quoted(model)}},
            messages=[{"role": "user", "content": "Hello"}],
        )
        print(reply.choices[0].message.content)
        """;

    private static string CSharp(string baseUrl, string model, string key) => $$"""
        using System.ClientModel;
        using OpenAI;
        using OpenAI.Chat;

        var client = new ChatClient(
            {{Quoted(model)}},
            new ApiKeyCredential("{{key}}"),
            new OpenAIClientOptions { Endpoint = new Uri({{Quoted(baseUrl)}}) });
        ChatCompletion reply = client.CompleteChat("Hello");
        Console.WriteLine(reply.Content[0].Text);
        """;

    private static string JavaScript(string baseUrl, string model, string key) => $$"""
        import OpenAI from "openai";

        const client = new OpenAI({ baseURL: {{Quoted(baseUrl)}}, apiKey: "{{key}}" });
        const reply = await client.chat.completions.create({
          model: {{Quoted(model)}},
          messages: [{ role: "user", content: "Hello" }],
        });
        console.log(reply.choices[0].message.content);
        """;

    // JSON's way of quoting is valid in all of these languages.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
