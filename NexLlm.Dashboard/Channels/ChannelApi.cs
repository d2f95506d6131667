namespace NexLlm.Dashboard.Channels;

/// <summary>An API that a channel speaks.</summary>
public sealed class ChannelApi
{
    public long ChannelId { get; init; }

    /// <summary>Stored by name.</summary>
    public required UpstreamApi Api { get; init; }

    /// <summary>The address up to and including <c>/v1</c> where it differs from the channel's; null if it does not.</summary>
    public string? BaseUrl { get; set; }
}

/// <summary>An API that a channel shall speak.</summary>
/// <param name="Api">Which.</param>
/// <param name="BaseUrl">Where, up to and including <c>/v1</c>; null if at the channel's base URL.</param>
public sealed record ApiSettings(UpstreamApi Api, string? BaseUrl = null)
{
    /// <summary>What a channel of this type speaks unless somebody chooses.</summary>
    public static IReadOnlyList<ApiSettings> DefaultsOf(ChannelType type) => [.. type.DefaultApis().Select(api => new ApiSettings(api))];
}
