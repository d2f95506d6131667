using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>A key that copies another key's policy.</summary>
internal static class Replacement
{
    /// <summary>The wizard's initial settings: those of the replaced key, of a key for this model, or of an unrestricted key.</summary>
    public static (string Name, KeyPolicy Policy) Of(KeyDetails? replaced, IReadOnlyList<GroupOffer> groups, string? model) =>
        replaced is null
            ? ("", For(model, groups))
            : (replaced.DeletedAt is null ? Successor(replaced.Name) : replaced.Name, replaced.Policy);

    /// <summary>Null without a replaced key.</summary>
    public static string? Notice(KeyDetails? replaced) => replaced switch
    {
        null => null,
        { DeletedAt: not null } => $"Settings copied from {replaced.Name}, which is deleted. Review them, then save.",
        _ => $"Settings copied from {replaced.Name}. It keeps working until you delete it.",
    };

    private static KeyPolicy For(string? model, IReadOnlyList<GroupOffer> groups) =>
        model is not null && groups.FirstOrDefault(g => g.Models.Contains(model)) is { } group
            ? KeyPolicy.Unrestricted(group.Id) with { Models = ModelRestriction.Only([model]) }
            : KeyPolicy.Unrestricted(groups[0].Id);

    private static string Successor(string name)
    {
        const string suffix = " (new)";
        return name[..Math.Min(name.Length, KeyName.MaxLength - suffix.Length)].TrimEnd() + suffix;
    }
}
