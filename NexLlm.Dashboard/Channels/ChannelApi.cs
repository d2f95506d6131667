namespace NexLlm.Dashboard.Channels;

/// <summary>An API that a channel supports.</summary>
public sealed class ChannelApi
{
    public long ChannelId { get; init; }

    /// <summary>Stored by name.</summary>
    public required UpstreamApi Api { get; init; }

    /// <summary>The base URL up to and including <c>/v1</c>; null to use the channel's.</summary>
    public string? BaseUrl { get; set; }
}

/// <summary>The settings of an API that a channel supports.</summary>
/// <param name="Api">The API.</param>
/// <param name="BaseUrl">The base URL up to and including <c>/v1</c>; null to use the channel's.</param>
public sealed record ApiSettings(UpstreamApi Api, string? BaseUrl = null)
{
    /// <summary>The APIs of a channel of this type by default.</summary>
    public static IReadOnlyList<ApiSettings> DefaultsOf(ChannelType type) => [.. type.DefaultApis().Select(api => new ApiSettings(api))];
}
