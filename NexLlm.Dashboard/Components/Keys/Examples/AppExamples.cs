using static NexLlm.Dashboard.Components.Keys.Examples.FirstRequest;
using static NexLlm.Dashboard.Components.Keys.Examples.Snippet;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>Editor assistants and chat apps that use OpenAI's chat completions.</summary>
internal static class AppExamples
{
    private const string Api = "Chat Completions";

    public static Snippet Cline(string baseUrl, string? model, string key) => model is null ? Unavailable("Cline", Api) : new(
        "Cline",
        $"""
        API Provider: OpenAI Compatible
        Base URL: {baseUrl}
        API Key: {key}
        Model ID: {model}
        """,
        "Enter in Cline's API configuration. Roo Code and Kilo Code have the same fields.");

    public static Snippet Continue(string baseUrl, string? model, string key) => model is null ? Unavailable("Continue", Api) : new(
        "Continue",
        $"""
        name: NexLLM
        version: 1.0.0
        schema: v1
        models:
          - name: NexLLM
            provider: openai
            model: {Quoted(model)}
            apiBase: {Quoted(baseUrl)}
            apiKey: {Quoted(key)}
            roles: [chat, edit, apply]
        """,
        "Save as ~/.continue/config.yaml, or add the model to the file you have.");

    public static Snippet OpenWebUI(string baseUrl, string? model, string key) => model is null ? Unavailable("Open WebUI", Api) : new(
        "Open WebUI",
        $"""
        OPENAI_API_BASE_URL={baseUrl}
        OPENAI_API_KEY={key}
        DEFAULT_MODELS={model}
        """,
        "Set in the environment of Open WebUI. A running one takes URL and key under Admin Settings > Connections.");
}
