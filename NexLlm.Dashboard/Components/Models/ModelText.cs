using System.Globalization;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Models;

/// <summary>Texts and marks of models, for users who know keys but not channels.</summary>
internal static class ModelText
{
    private static readonly (string Prefix, string Preset)[] _makers =
    [
        ("gpt-", "openai"), ("chatgpt-", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"), ("dall-e", "openai"), ("whisper", "openai"), ("text-embedding-", "openai"),
        ("claude", "anthropic"), ("gemini", "google"), ("gemma", "google"), ("deepseek", "deepseek"),
        ("mistral", "mistral"), ("ministral", "mistral"), ("codestral", "mistral"), ("mixtral", "mistral"),
    ];

    /// <summary>
    /// The preset of a model's maker, detected by the start of its ID after a vendor prefix such as <c>openai/</c>; null if
    /// unknown.
    /// </summary>
    public static string? MakerOf(string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..];
        return Array.Find(_makers, maker => name.StartsWith(maker.Prefix, StringComparison.OrdinalIgnoreCase)).Preset;
    }

    /// <summary>A tone, an icon and a word, so that nothing is shown by color alone.</summary>
    public static (string Tone, string Icon, string Word) StateOf(ChannelStatus status) => status switch
    {
        ChannelStatus.Recovering => ("soon", "#i-clock", "Recovering"),
        var usable when usable.IsUsable() => ("good", "#i-check", "Available"),
        _ => ("bad", "#i-warning", "Unavailable"),
    };

    /// <summary>For example "128,000"; a dash if unknown.</summary>
    public static string Tokens(int? tokens) => tokens?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>For example "default ×1".</summary>
    public static string GroupOf(CatalogGroup group) => $"{group.Name} {PolicyInWords.Ratio(group.Ratio)}";
}
