using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>A key that takes over the policy of another one.</summary>
internal static class Replacement
{
    /// <summary>What the wizard starts with: the replaced key's settings, or those of an unrestricted key.</summary>
    public static (string Name, KeyPolicy Policy) Of(KeyDetails? replaced, IReadOnlyList<GroupOffer> groups) =>
        replaced is null
            ? ("", KeyPolicy.Unrestricted(groups[0].Id))
            : (replaced.DeletedAt is null ? Successor(replaced.Name) : replaced.Name, replaced.Policy);

    private static string Successor(string name)
    {
        const string suffix = " (new)";
        return name[..Math.Min(name.Length, KeyName.MaxLength - suffix.Length)].TrimEnd() + suffix;
    }
}
