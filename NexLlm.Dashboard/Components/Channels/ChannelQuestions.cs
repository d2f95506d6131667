using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>A confirmation before an action that may affect clients.</summary>
/// <param name="Consequence">What will happen, apart from the impact.</param>
/// <param name="Action">The label of the button.</param>
/// <param name="Change">The planned change; null if it affects nothing keys use.</param>
/// <param name="Confirmed">Performs the action.</param>
public sealed record ImpactQuestion(string Title, string Consequence, string Action, PlannedChange? Change, Func<Task> Confirmed);

internal static class ChannelQuestions
{
    public static ImpactQuestion SwitchOff(ChannelDetails channel, Func<Task> confirmed) => new(
        $"Disable {channel.Name}?", "New requests use other channels; running requests finish.", "Disable channel",
        new PlannedChange.ChannelOff(channel.Id), confirmed);

    public static ImpactQuestion Delete(ChannelDetails channel, Func<Task> confirmed) => new(
        $"Delete {channel.Name}?",
        $"New requests use other channels{(channel.HasProviderKey ? ", and its provider key is erased" : "")}. This can't be undone. Its logs are kept.", "Delete channel",
        new PlannedChange.ChannelOff(channel.Id), confirmed);

    public static ImpactQuestion SwitchOff(GroupDetails group, Func<Task> confirmed) => new(
        $"Disable {group.Name}?", "Requests using its keys will fail until you enable it again, and new keys can't use it.", "Disable group",
        new PlannedChange.GroupOff(group.Id), confirmed);

    public static ImpactQuestion Delete(GroupDetails group, Func<Task> confirmed) => new(
        $"Delete {group.Name}?", "No keys use it. This can't be undone. Its usage history is kept.", "Delete group", Change: null, confirmed);

    public static ImpactQuestion Save(string name, PlannedChange change, Func<Task> confirmed) => new(
        $"Save {name}?", "Some groups will lose models.", "Save anyway", change, confirmed);
}
