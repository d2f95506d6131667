using System.Globalization;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Fields;

namespace NexLlm.Dashboard.Components.Models;

/// <summary>Models in words and marks, for people who know keys and no channels.</summary>
internal static class ModelWords
{
    /// <summary>A tone, an icon and a word: never colour alone.</summary>
    public static (string Tone, string Icon, string Word) StateOf(ChannelStatus status) => status switch
    {
        ChannelStatus.Recovering => ("soon", "#i-clock", "Recovering"),
        var usable when usable.IsUsable() => ("good", "#i-check", "Available"),
        _ => ("bad", "#i-warning", "Unavailable"),
    };

    /// <summary>"128,000"; a dash if unknown.</summary>
    public static string Tokens(int? tokens) => tokens?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>"default ×1".</summary>
    public static string GroupOf(CatalogGroup group) => $"{group.Name} {PolicyWords.Ratio(group.Ratio)}";
}
