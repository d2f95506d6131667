using static NexLlm.Dashboard.Components.Keys.Examples.FirstRequest;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>OpenAI's own clients.</summary>
internal static class OpenAIExamples
{
    public static IReadOnlyList<Snippet> All(string baseUrl, FirstRequest request, string key) =>
    [
        Snippet.Curl(baseUrl, request, $"Authorization: Bearer {key}"),
        new("Python", Python(baseUrl, request.Model, key)),
        new("C#", CSharp(baseUrl, request.Model, key)),
        new("JavaScript", JavaScript(baseUrl, request.Model, key)),
        new(Snippet.Env, $"OPENAI_API_KEY={key}\nOPENAI_BASE_URL={baseUrl}"),
    ];

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
}
