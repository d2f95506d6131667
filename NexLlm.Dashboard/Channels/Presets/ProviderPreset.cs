namespace NexLlm.Dashboard.Channels.Presets;

/// <summary>The defaults of a known provider. They prefill the form of a new channel and have no effect on the gateway.</summary>
/// <param name="Id">A short, stable ID, used in URLs and icon names.</param>
/// <param name="Name">The provider's name for itself.</param>
/// <param name="Type">The channel type, which decides the authentication headers.</param>
/// <param name="BaseUrl">The prefix of the APIs' paths; null if only the user knows it. May contain <see cref="Placeholder"/>.</param>
/// <param name="Apis">The supported APIs, each with its own base URL if that differs.</param>
/// <param name="Key">Whether the provider requires a key.</param>
public sealed record ProviderPreset(string Id, string Name, ChannelType Type, string? BaseUrl, IReadOnlyList<ApiSettings> Apis, ProviderKeyNeed Key)
{
    /// <summary>
    /// The part of <see cref="BaseUrl"/> that the user has to replace, such as
    /// <c>{resource}</c>; the form rejects it unchanged. Null if there is none.
    /// </summary>
    public string? Placeholder { get; init; }

    /// <summary>The page where the provider issues keys; null if it issues none.</summary>
    public string? KeysUrl { get; init; }

    /// <summary>
    /// Well-known model IDs to start with. <see
    /// cref="Administration.ChannelAdministration.LoadModelsAsync"/> queries the provider's own list.
    /// </summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Advice shown before the form is filled in; null if there is none.</summary>
    public string? Hint { get; init; }
}

/// <summary>Whether a provider requires a key.</summary>
public enum ProviderKeyNeed
{
    Required,

    /// <summary>Only if the provider's operator requires one.</summary>
    Optional,
    None,
}
