namespace NexLlm.Dashboard.Channels.Presets;

/// <summary>What is known of a provider before anybody types: a start for a new channel's form, nothing that the gateway goes by.</summary>
/// <param name="Id">Short and stable, for addresses and marks.</param>
/// <param name="Name">As the provider calls itself.</param>
/// <param name="Type">Which headers carry the key.</param>
/// <param name="BaseUrl">Up to where the APIs' paths begin; null where only the person knows. May hold <see cref="Placeholder"/>.</param>
/// <param name="Apis">The APIs that it speaks, each with a base URL of its own where that differs.</param>
/// <param name="Key">Whether it wants a provider key.</param>
public sealed record ProviderPreset(string Id, string Name, ChannelType Type, string? BaseUrl, IReadOnlyList<ApiSettings> Apis, ProviderKeyNeed Key)
{
    /// <summary>The part of <see cref="BaseUrl"/> that the person has to replace, such as <c>{resource}</c>; the form rejects it as it is. Null if there is none.</summary>
    public string? Placeholder { get; init; }

    /// <summary>Where the provider gives out keys; null if it gives out none.</summary>
    public string? KeysUrl { get; init; }

    /// <summary>Well-known model ids to begin with. The provider's own list is asked for with <see cref="Administration.ChannelAdministration.LoadModelsAsync"/>.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What to know before filling in the form; null if there is nothing.</summary>
    public string? Hint { get; init; }
}

/// <summary>Whether a provider wants a key.</summary>
public enum ProviderKeyNeed
{
    Required,

    /// <summary>If its operator has set one.</summary>
    Optional,
    None,
}
