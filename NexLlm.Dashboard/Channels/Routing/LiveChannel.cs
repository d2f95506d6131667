using System.Runtime.CompilerServices;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// A channel as requests use it: prebuilt addresses and headers, and its current
/// load. Everything in a provider request except the body comes from here.
/// </summary>
public sealed class LiveChannel
{
    private const string AnthropicVersion = "2023-06-01";

    // Never resolved: the built-in channel answers within the process.
    private const string EchoBaseUrl = "http://echo.invalid/v1";

    private readonly Uri[] _addresses;
    private readonly KeyValuePair<string, string>[] _openAIHeaders;
    private readonly KeyValuePair<string, string>[] _anthropicHeaders;
    private readonly int _apis;
    private readonly StrongBox<int> _inFlight;
    private readonly StrongBox<bool> _refusesUsageOption;

    /// <param name="before">The previous instance of the channel, whose requests continue; null for a new channel.</param>
    internal LiveChannel(Channel stored, string? providerKey, ChannelCircuit circuit, LiveChannel? before = null)
    {
        _inFlight = before?._inFlight ?? new StrongBox<int>();
        Id = stored.Id;
        Name = stored.Name;
        Type = stored.Type;
        Priority = stored.Priority;
        Weight = stored.Weight;
        Circuit = circuit;
        var baseUrl = stored.BaseUrl ?? EchoBaseUrl;
        _addresses = [.. UpstreamApis.All.Select(api => new Uri((stored.Apis.Find(a => a.Api == api)?.BaseUrl ?? baseUrl) + api.Path()))];
        _openAIHeaders = HeadersFor(stored.Type, isAnthropic: false, providerKey);
        _anthropicHeaders = HeadersFor(stored.Type, isAnthropic: true, providerKey);
        foreach (var spoken in stored.Apis)
        {
            _apis |= 1 << (int)spoken.Api;
        }
        ProviderKey = providerKey;
        BaseUrl = baseUrl;
        if (Type is ChannelType.Echo)
        {
            // The channel answers within this process, so it is always reachable.
            circuit.Learn(ChannelStatus.Healthy, beganAt: default);
        }

        _refusesUsageOption = before is not null && HasSameEndpoint(before) ? before._refusesUsageOption : new StrongBox<bool>();
    }

    public long Id { get; }

    public string Name { get; }

    public ChannelType Type { get; }

    /// <summary>Channels with a higher priority are tried first.</summary>
    public int Priority { get; }

    /// <summary>The relative share of requests among channels of equal priority; at least 1.</summary>
    public int Weight { get; }

    /// <summary>Tracks whether the channel has recently answered.</summary>
    public ChannelCircuit Circuit { get; }

    /// <summary>The health for display and previews. Routing uses the <see cref="Circuit"/> alone.</summary>
    public ChannelHealth Health => Circuit.Health;

    /// <summary>The requests sent whose responses haven't been fully read.</summary>
    public int InFlight => Volatile.Read(ref _inFlight.Value);

    /// <summary>Whether the channel supports the API.</summary>
    public bool Speaks(UpstreamApi api) => (_apis & (1 << (int)api)) != 0;

    /// <summary>Contains the provider key, so it must not be logged.</summary>
    internal KeyValuePair<string, string>[] Headers(UpstreamApi api) => api.IsAnthropic() ? _anthropicHeaders : _openAIHeaders;

    /// <summary>Up to and including <c>/v1</c>. The built-in channel's URL is unreachable.</summary>
    internal string BaseUrl { get; }

    /// <summary>The supported APIs, in enum order.</summary>
    internal IEnumerable<UpstreamApi> Apis => UpstreamApis.All.Where(Speaks);

    /// <summary>Plain text, used to redact the key from provider errors; null if there is none.</summary>
    internal string? ProviderKey { get; }

    /// <summary>Whether the provider has rejected the option for usage at the end of a stream. Learned from a response.</summary>
    internal bool RefusesUsageOption
    {
        get => Volatile.Read(ref _refusesUsageOption.Value);
        set => Volatile.Write(ref _refusesUsageOption.Value, value);
    }

    internal Uri Address(UpstreamApi api) => _addresses[(int)api];

    internal void Enter() => Interlocked.Increment(ref _inFlight.Value);

    internal void Leave() => Interlocked.Decrement(ref _inFlight.Value);

    /// <summary>Whether findings about one channel also apply to the other.</summary>
    internal bool HasSameEndpoint(LiveChannel other) =>
        _addresses.SequenceEqual(other._addresses) && _openAIHeaders.SequenceEqual(other._openAIHeaders) && _anthropicHeaders.SequenceEqual(other._anthropicHeaders);

    /// <summary>
    /// Anthropic reads the key from <c>x-api-key</c>. Other providers with an Anthropic-compatible API expect either that header or the
    /// bearer token, and not all of them document which, so they get both.
    /// </summary>
    /// <param name="isAnthropic">Whether the headers are for an Anthropic API.</param>
    internal static KeyValuePair<string, string>[] HeadersFor(ChannelType type, bool isAnthropic, string? providerKey) => (isAnthropic, providerKey) switch
    {
        (true, null) => [new("anthropic-version", AnthropicVersion)],
        (true, _) when type is ChannelType.Anthropic => [new("anthropic-version", AnthropicVersion), new("x-api-key", providerKey)],
        (true, _) => [new("anthropic-version", AnthropicVersion), new("x-api-key", providerKey), new("Authorization", $"Bearer {providerKey}")],
        (false, null) => [],
        (false, _) => [new("Authorization", $"Bearer {providerKey}")],
    };
}
