using NexLlm.Dashboard.Channels.Administration;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>What is asked before something is done that programs may notice.</summary>
/// <param name="Consequence">What will happen, whatever else it breaks.</param>
/// <param name="Action">On the button that does it.</param>
/// <param name="Change">What it changes; null if nothing that keys use.</param>
/// <param name="Confirmed">Does it.</param>
public sealed record ImpactQuestion(string Title, string Consequence, string Action, PlannedChange? Change, Func<Task> Confirmed);

internal static class ChannelQuestions
{
    public static ImpactQuestion SwitchOff(ChannelDetails channel, Func<Task> confirmed) => new(
        $"Switch {channel.Name} off?", "It gets no more requests. Those that run there are finished.", "Switch off",
        new PlannedChange.ChannelOff(channel.Id), confirmed);

    public static ImpactQuestion Delete(ChannelDetails channel, Func<Task> confirmed) => new(
        $"Delete {channel.Name}?",
        $"It gets no more requests, and its provider key is erased{(channel.HasProviderKey ? "" : " (it has none)")}. This cannot be undone. Logs go on naming it.", "Delete",
        new PlannedChange.ChannelOff(channel.Id), confirmed);

    public static ImpactQuestion SwitchOff(GroupDetails group, Func<Task> confirmed) => new(
        $"Switch {group.Name} off?", "Every request of its keys is refused until it is switched on again, and no new key can choose it.", "Switch off",
        new PlannedChange.GroupOff(group.Id), confirmed);

    public static ImpactQuestion Delete(GroupDetails group, Func<Task> confirmed) => new(
        $"Delete {group.Name}?", "No key uses it. This cannot be undone. What was charged goes on naming it.", "Delete", Change: null, confirmed);

    public static ImpactQuestion Save(string name, PlannedChange change, Func<Task> confirmed) => new(
        $"Save {name}?", "Saving this takes away what groups serve now.", "Save all the same", change, confirmed);
}
