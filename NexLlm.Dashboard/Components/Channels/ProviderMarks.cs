namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Initials and colors of popular providers.</summary>
internal static class ProviderMarks
{
    /// <summary>Keyed by preset id. Local servers have no known host, only a port that nothing else uses.</summary>
    private static readonly (string Id, string? Host, ProviderInitials Mark)[] _marks =
    [
        ("openai", "api.openai.com", new("OA", 5)),
        ("anthropic", "api.anthropic.com", new("An", 6)),
        ("openrouter", "openrouter.ai", new("OR", 1)),
        ("azure-openai", ".openai.azure.com", new("Az", 4)),
        ("google", "generativelanguage.googleapis.com", new("Go", 2)),
        ("deepseek", "api.deepseek.com", new("DS", 1)),
        ("mistral", "api.mistral.ai", new("Mi", 7)),
        ("groq", "api.groq.com", new("Gq", 6)),
        ("ollama", ":11434", new("Ol", 8)),
        ("vllm", null, new("vL", 3)),
    ];

    /// <returns>Null for an unknown provider.</returns>
    public static ProviderInitials? Of(string? preset) => Array.Find(_marks, mark => mark.Id == preset).Mark;

    /// <summary>The preset of the provider at a base URL; null if unknown.</summary>
    public static string? PresetOf(string? baseUrl) =>
        Uri.TryCreate(baseUrl, UriKind.Absolute, out var url) ? Array.Find(_marks, mark => mark.Host is { } host && url.Authority.EndsWith(host, StringComparison.OrdinalIgnoreCase)).Id : null;
}

/// <param name="Colour">The number of the chart color used as its tint.</param>
internal sealed record ProviderInitials(string Text, int Colour);
