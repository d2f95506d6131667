using System.ComponentModel.DataAnnotations;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Gateway.Settings;

/// <summary>Section <c>Gateway</c>: how much one request, and one key, may ask of this machine.</summary>
public sealed record GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>As the only one of <see cref="CorsOrigins"/>: every origin.</summary>
    public const string AnyOrigin = "*";

    /// <summary>As the only one of <see cref="CorsOrigins"/>: no origin.</summary>
    public const string NoOrigin = "none";

    /// <summary>Whose pages may call the gateway from a browser. Any by default, since a key is needed anyway.</summary>
    public string[] CorsOrigins { get; init; } = [AnyOrigin];

    /// <summary>The largest body of a request, images in it included.</summary>
    [Range(1_024, 1_024L * 1_024 * 1_024)]
    public long MaxBodyBytes { get; init; } = 32 * 1_024 * 1_024;

    /// <summary>The largest body of a key or account that has nothing left to spend, and is refused for it.</summary>
    [Range(0, 1_024L * 1_024 * 1_024)]
    public long MaxBodyBytesWithoutQuota { get; init; } = 64 * 1_024;

    /// <summary>
    /// Memory for the bodies of all requests in progress, with their copies: the one that was sent compressed, the one that is
    /// changed before it is sent on. By default a quarter of what the process may use, up to 1 GB. One account may hold a quarter of it, one IP
    /// address half, both at least one of the largest bodies.
    /// </summary>
    [Range(2_048, long.MaxValue)]
    public long? MaxBodyMemory { get; init; }

    /// <summary>How long a client may take to send a body.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Requests of all keys of one account in progress at once.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentPerAccount { get; init; } = 512;

    /// <summary>
    /// Text whose tokens are counted exactly where a quota is tight or the provider does not report them. Beyond it a byte is
    /// taken for a token before the request, and the rest for like the first part after it.
    /// </summary>
    [Range(0, 1_024L * 1_024 * 1_024)]
    public long MaxCountedBytes { get; init; } = 4 * 1_024 * 1_024;

    /// <summary>Unpacking, scanning and counting of large bodies that may wait, in processor time. One account may have half of it waiting.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan MaxWorkBacklog { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of one key in progress at once, those that a client left included until they are settled.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentPerKey { get; init; } = 256;

    /// <summary>How often the keys of one account together may count tokens, which costs nothing of their quotas.</summary>
    [Range(1, 1_000_000)]
    public int TokenCountsPerMinute { get; init; } = 300;

    /// <summary>The output cap of a request that names none, for a model whose own is not known. Sent upstream only where a quota limits the key.</summary>
    [Range(1, 10_000_000)]
    public int DefaultMaxOutputTokens { get; init; } = 4_096;

    /// <summary>
    /// What one image is taken to cost at most, in tokens, until the provider reports what it did cost. As high as the
    /// dearest model that we know (48,169, a large picture in gpt-4o-mini), or a quota could be passed.
    /// </summary>
    [Range(1, 10_000_000)]
    public int ImageTokens { get; init; } = 50_000;

    /// <summary>
    /// Input tokens reserved for each tool in a request that the provider may run, such as a web search. What it reads is known
    /// only afterwards; a key or account with a quota is charged at most what was reserved.
    /// </summary>
    [Range(0, 10_000_000)]
    public int ProviderToolTokens { get; init; } = 20_000;

    /// <summary>
    /// The least that a second of a recording takes, in bytes: bounds what a model priced by the second can cost until the provider
    /// reports how long the recording is. Speech at 8 kbit/s by default, which is as low as codecs go.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MinAudioBytesPerSecond { get; init; } = 1_000;

    /// <summary>How long an upstream is read on after the client has left, so that what it makes is charged by its own figures.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    internal ConcurrencyLimits Concurrency => new(MaxConcurrentPerKey, MaxConcurrentPerAccount);

    internal long BodyMemory => MaxBodyMemory ?? Math.Max(
        Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 1_024L * 1_024 * 1_024), LargestCall * 4 / 3);

    internal long BodyMemoryPerAccount => Math.Max(BodyMemory / 4, LargestCall);

    internal long BodyMemoryPerAddress => Math.Max(BodyMemory / 2, LargestCall);

    /// <summary>The largest body, the same compressed, and one half as large that grew into it: they have to fit into every share.</summary>
    internal long LargestCall => 3 * MaxBodyBytes;
}
