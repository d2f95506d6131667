using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Channels.Presets;

/// <summary>The providers offered for a new channel, with only those APIs and models that their documentation names.</summary>
public static class ProviderPresets
{
    /// <summary>In display order; the last entry is for any other provider.</summary>
    public static IReadOnlyList<ProviderPreset> All { get; } =
    [
        new("openai", "OpenAI", ChannelType.OpenAI, "https://api.openai.com/v1", ApiSettings.DefaultsOf(ChannelType.OpenAI), ProviderKeyNeed.Required)
        {
            KeysUrl = "https://platform.openai.com/api-keys",
            Models = ["gpt-5", "gpt-5-mini", "gpt-4.1", "gpt-4o", "gpt-4o-mini", "text-embedding-3-small"],
        },
        new("anthropic", "Anthropic", ChannelType.Anthropic, "https://api.anthropic.com/v1", ApiSettings.DefaultsOf(ChannelType.Anthropic), ProviderKeyNeed.Required)
        {
            KeysUrl = "https://console.anthropic.com/settings/keys",
            Models = ["claude-opus-4-1", "claude-sonnet-4-5", "claude-haiku-4-5"],
        },
        new("openrouter", "OpenRouter", ChannelType.OpenAI, "https://openrouter.ai/api/v1", Speaking(ChatCompletions, Completions, Responses), ProviderKeyNeed.Required)
        {
            KeysUrl = "https://openrouter.ai/settings/keys",
            Models = ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4.5", "google/gemini-2.5-flash"],
            Hint = "Model IDs name the vendor first, such as openai/gpt-4o-mini.",
        },
        new("azure-openai", "Azure OpenAI", ChannelType.OpenAI, "https://{resource}.openai.azure.com/openai/v1", Speaking(ChatCompletions, Embeddings, Responses), ProviderKeyNeed.Required)
        {
            Placeholder = "{resource}",
            KeysUrl = "https://portal.azure.com",
            Hint = "Replace {resource} with your resource's name. Model IDs are your deployment names.",
        },
        new("google", "Google Gemini", ChannelType.OpenAI, "https://generativelanguage.googleapis.com/v1beta/openai", Speaking(ChatCompletions, Embeddings), ProviderKeyNeed.Required)
        {
            KeysUrl = "https://aistudio.google.com/apikey",
            Models = ["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-embedding-001"],
            Hint = "Uses Google's OpenAI-compatible endpoint.",
        },
        new("deepseek", "DeepSeek", ChannelType.OpenAI, "https://api.deepseek.com/v1", [new(ChatCompletions), new(Messages, "https://api.deepseek.com/anthropic/v1")], ProviderKeyNeed.Required)
        {
            KeysUrl = "https://platform.deepseek.com/api_keys",
            Models = ["deepseek-chat", "deepseek-reasoner"],
        },
        new("mistral", "Mistral", ChannelType.OpenAI, "https://api.mistral.ai/v1", Speaking(ChatCompletions, Embeddings, Moderations), ProviderKeyNeed.Required)
        {
            KeysUrl = "https://console.mistral.ai/api-keys",
            Models = ["mistral-large-latest", "mistral-small-latest", "codestral-latest", "mistral-embed"],
        },
        new("groq", "Groq", ChannelType.OpenAI, "https://api.groq.com/openai/v1", Speaking(ChatCompletions, Responses, Transcriptions, Translations), ProviderKeyNeed.Required)
        {
            KeysUrl = "https://console.groq.com/keys",
            Models = ["llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-120b", "whisper-large-v3"],
        },
        new("ollama", "Ollama", ChannelType.OpenAI, "http://localhost:11434/v1", Speaking(ChatCompletions, Completions, Embeddings), ProviderKeyNeed.None)
        {
            Hint = "If NexLLM runs in a container, localhost is that container: use the host's address.",
        },
        new("vllm", "vLLM", ChannelType.OpenAI, "http://localhost:8000/v1", Speaking(ChatCompletions, Completions, Embeddings), ProviderKeyNeed.Optional)
        {
            Hint = "Enter a key only if the server was started with --api-key.",
        },
        new("other", "Other", ChannelType.OpenAI, BaseUrl: null, Speaking(ChatCompletions), ProviderKeyNeed.Optional)
        {
            Hint = "Any provider with an OpenAI-compatible or Anthropic API. The base URL usually ends in /v1.",
        },
    ];

    /// <summary>Returns null if no preset has this ID.</summary>
    public static ProviderPreset? Find(string? id) => All.FirstOrDefault(preset => preset.Id == id);

    private static ApiSettings[] Speaking(params UpstreamApi[] apis) => [.. apis.Select(api => new ApiSettings(api))];
}
