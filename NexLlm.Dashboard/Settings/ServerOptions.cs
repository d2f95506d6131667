using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Settings;

/// <summary>Section <c>Server</c>: the server's path and the limits of connections.</summary>
public sealed record ServerOptions
{
    public const string Section = "Server";

    /// <summary>The path prefix behind a reverse proxy, such as <c>/nexllm</c>; blank for the root.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>The maximum number of open connections per address. Proxies in <c>Proxies:Known</c> are exempt.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerAddress { get; init; } = 5_000;

    /// <summary>The maximum number of these connections that haven't sent a request.</summary>
    [Range(1, 1_000_000)]
    public int SilentConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>
    /// The total rate, in bytes per second, at which large bodies are received. The
    /// default of 32 MB per processor takes less than a twentieth of its time.
    /// </summary>
    [Range(1_024 * 1_024, long.MaxValue)]
    public long? BodyBytesPerSecond { get; init; }

    /// <summary>The idle timeout of a connection. It must exceed that of proxies, or their requests may hit a closed connection.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>The time limit for receiving a request's headers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The maximum size of a request's headers, in bytes.</summary>
    [Range(4_096, 1_048_576)]
    public int MaxHeaderBytes { get; init; } = 32_768;

    /// <summary>The maximum length of a request line, in bytes.</summary>
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
