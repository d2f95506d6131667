using System.Runtime.CompilerServices;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// A channel as requests use it: addresses and headers made once, and what is going on there. All that a request to the
/// upstream carries besides its body comes from here.
/// </summary>
public sealed class LiveChannel
{
    private const string AnthropicVersion = "2023-06-01";

    // Never leaves the process: the built-in channel answers inside it.
    private const string EchoBaseUrl = "http://echo.invalid/v1";

    private readonly Uri[] _addresses;
    private readonly KeyValuePair<string, string>[] _openAIHeaders;
    private readonly KeyValuePair<string, string>[] _anthropicHeaders;
    private readonly int _apis;
    private readonly StrongBox<int> _inFlight;
    private readonly StrongBox<bool> _refusesUsageOption;

    /// <param name="before">The same channel as it was, whose requests go on; null for one that is new.</param>
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
            // It answers inside this process: there is nothing that could be out of reach.
            circuit.Learn(ChannelStatus.Healthy, beganAt: default);
        }

        _refusesUsageOption = before is not null && HasSameEndpoint(before) ? before._refusesUsageOption : new StrongBox<bool>();
    }

    public long Id { get; }

    public string Name { get; }

    public ChannelType Type { get; }

    /// <summary>Higher is tried first.</summary>
    public int Priority { get; }

    /// <summary>Share among channels of equal priority; at least 1.</summary>
    public int Weight { get; }

    /// <summary>Whether the channel has answered lately.</summary>
    public ChannelCircuit Circuit { get; }

    /// <summary>How it does, for people and previews. Requests are sent by the <see cref="Circuit"/> alone.</summary>
    public ChannelHealth Health => Circuit.Health;

    /// <summary>Requests that have been sent and whose answers are not read to their end.</summary>
    public int InFlight => Volatile.Read(ref _inFlight.Value);

    /// <summary>Whether it can be asked in this way.</summary>
    public bool Speaks(UpstreamApi api) => (_apis & (1 << (int)api)) != 0;

    /// <summary>The provider's credential among them: not for logs.</summary>
    internal KeyValuePair<string, string>[] Headers(UpstreamApi api) => api.IsAnthropic() ? _anthropicHeaders : _openAIHeaders;

    /// <summary>Up to and including <c>/v1</c>; that of the built-in channel leads nowhere.</summary>
    internal string BaseUrl { get; }

    /// <summary>The APIs that it speaks, in their order.</summary>
    internal IEnumerable<UpstreamApi> Apis => UpstreamApis.All.Where(Speaks);

    /// <summary>In plain, so that it can be taken out of what its provider says; null if there is none.</summary>
    internal string? ProviderKey { get; }

    /// <summary>Whether the provider has rejected the option that asks for usage at the end of a stream. Learnt from an answer.</summary>
    internal bool RefusesUsageOption
    {
        get => Volatile.Read(ref _refusesUsageOption.Value);
        set => Volatile.Write(ref _refusesUsageOption.Value, value);
    }

    internal Uri Address(UpstreamApi api) => _addresses[(int)api];

    internal void Enter() => Interlocked.Increment(ref _inFlight.Value);

    internal void Leave() => Interlocked.Decrement(ref _inFlight.Value);

    /// <summary>Whether what was learnt about one of them holds for the other.</summary>
    internal bool HasSameEndpoint(LiveChannel other) =>
        _addresses.SequenceEqual(other._addresses) && _openAIHeaders.SequenceEqual(other._openAIHeaders) && _anthropicHeaders.SequenceEqual(other._anthropicHeaders);

    /// <summary>
    /// Anthropic reads its key from <c>x-api-key</c>. Providers that offer Anthropic's API beside OpenAI's read that or the bearer token they
    /// read elsewhere, and it is not documented by all of them which, so they get both.
    /// </summary>
    /// <param name="isAnthropic">For an API of Anthropic's.</param>
    internal static KeyValuePair<string, string>[] HeadersFor(ChannelType type, bool isAnthropic, string? providerKey) => (isAnthropic, providerKey) switch
    {
        (true, null) => [new("anthropic-version", AnthropicVersion)],
        (true, _) when type is ChannelType.Anthropic => [new("anthropic-version", AnthropicVersion), new("x-api-key", providerKey)],
        (true, _) => [new("anthropic-version", AnthropicVersion), new("x-api-key", providerKey), new("Authorization", $"Bearer {providerKey}")],
        (false, null) => [],
        (false, _) => [new("Authorization", $"Bearer {providerKey}")],
    };
}
