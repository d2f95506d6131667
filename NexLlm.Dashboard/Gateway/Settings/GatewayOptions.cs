using System.ComponentModel.DataAnnotations;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Gateway.Settings;

/// <summary>Section <c>Gateway</c>: the resources that one request and one key may use.</summary>
public sealed record GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>As the only entry of <see cref="CorsOrigins"/>: every origin.</summary>
    public const string AnyOrigin = "*";

    /// <summary>As the only entry of <see cref="CorsOrigins"/>: no origin.</summary>
    public const string NoOrigin = "none";

    /// <summary>The origins allowed to call the gateway from a browser. Any by default, since a key is required anyway.</summary>
    public string[] CorsOrigins { get; init; } = [AnyOrigin];

    /// <summary>The maximum size of a request body in bytes, including its images.</summary>
    [Range(1_024, 1_024L * 1_024 * 1_024)]
    public long MaxBodyBytes { get; init; } = 32 * 1_024 * 1_024;

    /// <summary>The maximum body size in bytes of a key or account with an exhausted quota, which is rejected anyway.</summary>
    [Range(0, 1_024L * 1_024 * 1_024)]
    public long MaxBodyBytesWithoutQuota { get; init; } = 64 * 1_024;

    /// <summary>
    /// Memory in bytes for the bodies of all concurrent requests and their copies: the compressed original and the body rewritten
    /// for the provider. By default a quarter of the memory available to the process, up to 1 GB. One account may use a quarter
    /// of it, one IP address half, and each at least one body of the maximum size.
    /// </summary>
    [Range(2_048, long.MaxValue)]
    public long? MaxBodyMemory { get; init; }

    /// <summary>The maximum time for sending a body.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The maximum concurrent requests of all keys of one account.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentPerAccount { get; init; } = 512;

    /// <summary>
    /// The maximum text, in bytes, counted exactly when a quota is tight or the provider reports no tokens. Before the request,
    /// each further byte counts as a token; afterwards, the rest is extrapolated from the counted part.
    /// </summary>
    [Range(0, 1_024L * 1_024 * 1_024)]
    public long MaxCountedBytes { get; init; } = 4 * 1_024 * 1_024;

    /// <summary>
    /// The maximum queued work (decompressing, scanning and counting large bodies), in processor time. One account may have half
    /// of it queued.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan MaxWorkBacklog { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum concurrent requests of one key, including those not yet settled after their client disconnected.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentPerKey { get; init; } = 256;

    /// <summary>How often per minute all keys of one account together may count tokens, which costs no quota.</summary>
    [Range(1, 1_000_000)]
    public int TokenCountsPerMinute { get; init; } = 300;

    /// <summary>The default output cap for a model with an unknown limit. Sent upstream only if a quota limits the key.</summary>
    [Range(1, 10_000_000)]
    public int DefaultMaxOutputTokens { get; init; } = 4_096;

    /// <summary>
    /// The maximum tokens assumed for one image until the provider reports its cost. As high as the most expensive known model
    /// (48,169, a large image on gpt-4o-mini), otherwise a quota could be exceeded.
    /// </summary>
    [Range(1, 10_000_000)]
    public int ImageTokens { get; init; } = 50_000;

    /// <summary>
    /// Input tokens reserved for each tool the provider may run, such as web search. Its actual input is known only afterwards; a
    /// key or account with a quota is charged at most what was reserved.
    /// </summary>
    [Range(0, 10_000_000)]
    public int ProviderToolTokens { get; init; } = 20_000;

    /// <summary>
    /// The minimum bytes per second of a recording, which bounds the cost of a model priced by the second until the provider
    /// reports the length. The default is speech at 8 kbit/s, about the lowest codec rate.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MinAudioBytesPerSecond { get; init; } = 1_000;

    /// <summary>
    /// How long to keep reading from a provider after the client disconnects, so that the output is charged by the provider's own
    /// figures.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    internal ConcurrencySettings Concurrency => new(MaxConcurrentPerKey, MaxConcurrentPerAccount);

    internal long BodyMemory => MaxBodyMemory ?? Math.Max(
        Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 1_024L * 1_024 * 1_024), LargestCall * 4 / 3);

    internal long BodyMemoryPerAccount => Math.Max(BodyMemory / 4, LargestCall);

    internal long BodyMemoryPerAddress => Math.Max(BodyMemory / 2, LargestCall);

    /// <summary>The largest body, its compressed original, and the half-sized buffer it grew from: these must fit into every share.</summary>
    internal long LargestCall => 3 * MaxBodyBytes;
}
