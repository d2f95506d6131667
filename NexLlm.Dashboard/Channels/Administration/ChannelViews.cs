using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>Where a channel or a group comes from, which decides who changes it.</summary>
public enum Provenance
{
    /// <summary>Made in the browser, and edited there.</summary>
    Dashboard,

    /// <summary>Declared in configuration, which rules at every start: read-only here.</summary>
    Configuration,

    /// <summary>The channel <c>echo</c>: it can be switched off and on.</summary>
    BuiltIn,
}

/// <summary>What administrators make, edit and switch: a channel or a group.</summary>
public interface IAdministered
{
    long Id { get; }

    string Name { get; }

    bool IsEnabled { get; }

    /// <summary>Goes up by one with every edit and every switch.</summary>
    long Version { get; }
}

/// <summary>A channel as administrators see it; its provider key is not among it.</summary>
/// <param name="BaseUrl">Null for the built-in channel.</param>
/// <param name="HasProviderKey">Whether one is stored.</param>
/// <param name="Apis">The APIs that it speaks.</param>
/// <param name="Models">By name.</param>
/// <param name="Groups">By name.</param>
/// <param name="Health">Null while it gets no requests: it is off, or <paramref name="IsKeyLost"/>.</param>
/// <param name="IsKeyLost">Its provider key was encrypted under a master key that is gone, so it gets no requests.</param>
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
/// <param name="Models">What its enabled channels serve, by name; also while the group is off.</param>
/// <param name="Channels">Its members, by name.</param>
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

    /// <summary>It keeps its name and stays on: a key without a choice needs it.</summary>
    public bool IsDefault => Name == ChannelGroup.DefaultName;
}

/// <summary>A channel as a group's member.</summary>
public sealed record GroupMember(long Id, string Name, bool IsEnabled, Provenance Origin);
