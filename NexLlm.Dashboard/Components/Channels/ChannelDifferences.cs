using System.Globalization;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>The settings that differ between two versions, in words.</summary>
internal static class ChannelDifferences
{
    public static IReadOnlyList<(string Label, string Before, string Now)> Between(ChannelDetails before, ChannelDetails now) => Differing(All(before), All(now));

    public static IReadOnlyList<(string Label, string Before, string Now)> Between(GroupDetails before, GroupDetails now) => Differing(All(before), All(now));

    private static (string Label, string Value)[] All(ChannelDetails channel) =>
    [
        ("Name", channel.Name),
        ("Type", ChannelText.TypeOf(channel.Type)),
        ("Base URL", channel.BaseUrl ?? ""),
        ("Provider key", channel.HasProviderKey ? "Stored" : "None"),
        ("APIs", ChannelText.Apis(channel.Apis)),
        ("Models", string.Join(", ", channel.Models.Select(Model))),
        ("Groups", string.Join(", ", channel.Groups.Select(g => g.Name))),
        ("Priority", Text(channel.Priority)),
        ("Weight", Text(channel.Weight)),
    ];

    private static (string Label, string Value)[] All(GroupDetails group) =>
    [
        ("Name", group.Name),
        ("Description", group.Description ?? ""),
        ("Ratio", group.Ratio.ToString(CultureInfo.InvariantCulture)),
        ("Channels", string.Join(", ", group.Channels.Select(c => c.Name))),
    ];

    private static IReadOnlyList<(string Label, string Before, string Now)> Differing((string Label, string Value)[] before, (string Label, string Value)[] now) =>
        [.. before.Zip(now).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => (pair.First.Label, pair.First.Value, pair.Second.Value))];

    private static string Model(ModelSettings model) => ChannelText.DetailsOf(model) is { Length: > 0 } details ? $"{model.Name} ({details})" : model.Name;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
