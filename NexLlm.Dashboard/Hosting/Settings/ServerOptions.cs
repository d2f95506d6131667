using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting.Settings;

/// <summary>Section <c>Server</c>: where clients find the program, and what a connection may take.</summary>
public sealed record ServerOptions
{
    public const string Section = "Server";

    /// <summary>The path below which a reverse proxy serves everything, such as <c>/nexllm</c>; blank where it is the root.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>How many connections one address may have open. Proxies in <c>Proxies:Known</c> are not limited.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerAddress { get; init; } = 5_000;

    /// <summary>How many of these may not have sent a request yet.</summary>
    [Range(1, 1_000_000)]
    public int SilentConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>
    /// Bytes a second at which large bodies are received, all of them together. By default 32 MB for each processor, which takes
    /// less than a twentieth of its time.
    /// </summary>
    [Range(1_024 * 1_024, long.MaxValue)]
    public long? BodyBytesPerSecond { get; init; }

    /// <summary>How long a connection may be idle; longer than proxies keep theirs, or requests meet a closed one.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>How long a client may take to send a request's headers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest headers of a request, in bytes.</summary>
    [Range(4_096, 1_048_576)]
    public int MaxHeaderBytes { get; init; } = 32_768;

    /// <summary>The longest request line, in bytes.</summary>
    [Range(1_024, 65_536)]
    public int MaxRequestLineBytes { get; init; } = 8_192;

    internal long BodyRate => BodyBytesPerSecond ?? 32L * 1_024 * 1_024 * Environment.ProcessorCount;
}

internal sealed class ServerOptionsValidator : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options) =>
        options.PathBase is "" || IsPath(options.PathBase)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ServerOptions.Section}:{nameof(ServerOptions.PathBase)} is “{options.PathBase}”. Enter a path such as /nexllm without a trailing slash, or leave it blank.");

    private static bool IsPath(string path) =>
        path[0] is '/' && path[1..].Split('/').All(part => part is not ("" or "." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));
}
