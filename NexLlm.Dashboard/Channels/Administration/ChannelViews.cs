using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>The origin of a channel or a group, which decides how it can be changed.</summary>
public enum Provenance
{
    /// <summary>Created and edited in the browser.</summary>
    Dashboard,

    /// <summary>Declared in the configuration, which is reapplied at every start; read-only in the browser.</summary>
    Configuration,

    /// <summary>The channel <c>echo</c>, which can only be enabled and disabled.</summary>
    BuiltIn,
}

/// <summary>A channel or a group, as managed by administrators.</summary>
public interface IAdministered
{
    long Id { get; }

    string Name { get; }

    bool IsEnabled { get; }

    /// <summary>Increases with every edit and whenever it is enabled or disabled.</summary>
    long Version { get; }
}

/// <summary>A channel as administrators see it, without its provider key.</summary>
/// <param name="BaseUrl">Null for the built-in channel.</param>
/// <param name="HasProviderKey">Whether a key is stored.</param>
/// <param name="Apis">The supported APIs.</param>
/// <param name="Models">By name.</param>
/// <param name="Groups">By name.</param>
/// <param name="Health">Null while the channel gets no requests: it is disabled, or <paramref name="IsKeyLost"/> is true.</param>
/// <param name="IsKeyLost">The provider key was encrypted with a lost master key, so the channel gets no requests.</param>
public sealed record ChannelDetails(
    long Id,
    string Name,
    ChannelType Type,
    string? BaseUrl,
    bool HasProviderKey,
    bool IsEnabled,
    Provenance Origin,
    int Priority,
    int Weight,
    IReadOnlyList<ApiSettings> Apis,
    IReadOnlyList<ModelSettings> Models,
    IReadOnlyList<GroupName> Groups,
    long Version,
    ChannelHealth? Health,
    bool IsKeyLost) : IAdministered;

public sealed record GroupName(long Id, string Name);

/// <summary>A group as administrators see it.</summary>
/// <param name="Models">The models served by its enabled channels, by name; listed even while the group is disabled.</param>
/// <param name="Channels">The member channels, by name.</param>
public sealed record GroupDetails(
    long Id,
    string Name,
    string? Description,
    long RatioMillionths,
    bool IsEnabled,
    Provenance Origin,
    IReadOnlyList<string> Models,
    IReadOnlyList<GroupMember> Channels,
    long Version) : IAdministered
{
    public decimal Ratio => (decimal)RatioMillionths / ChannelGroup.RatioOne;

    /// <summary>The default group can't be renamed or disabled, because keys use it when no group is chosen.</summary>
    public bool IsDefault => Name == ChannelGroup.DefaultName;
}

/// <summary>A channel as a member of a group.</summary>
public sealed record GroupMember(long Id, string Name, bool IsEnabled, Provenance Origin);
