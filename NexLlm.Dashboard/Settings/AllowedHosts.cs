using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace NexLlm.Dashboard.Settings;

/// <summary>
/// Setting <c>AllowedHosts</c>: the host names accepted from clients. The framework's own filter reads the same setting but answers API
/// clients in HTML and rejects health checks, so it is configured to accept everything.
/// </summary>
public sealed class AllowedHosts
{
    public const string Setting = "AllowedHosts";

    /// <summary>In HTTP notation; null if any host is allowed.</summary>
    private StringSegment[]? _patterns;

    /// <summary>A request without a host is rejected.</summary>
    public bool Allow(HttpRequest request) =>
        _patterns is null || (request.Host.HasValue && HostString.MatchesAny(request.Host.ToUriComponent(), _patterns));

    internal void Read(string? setting)
    {
        var hosts = Split(setting);
        _patterns = hosts.Length == 0 || hosts.Contains("*") ? null : [.. hosts.Select(host => (StringSegment)new HostString(host).ToUriComponent())];
    }

    internal static string[] Split(string? setting) =>
        (setting ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

internal sealed class AllowedHostsValidator(IConfiguration configuration) : IValidateOptions<AllowedHosts>
{
    public ValidateOptionsResult Validate(string? name, AllowedHosts options)
    {
        var wrong = AllowedHosts.Split(configuration[AllowedHosts.Setting]).Where(host => !IsHost(host)).ToList();
        return wrong is []
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(host =>
                $"{AllowedHosts.Setting} has “{host}”. Enter host names without scheme, port and path, separated by semicolons, such as keys.example.com;*.example.org."));
    }

    private static bool IsHost(string host) =>
        host is "*" || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is UriHostNameType.Dns or UriHostNameType.IPv4
        || (host is ['[', .. var address, ']'] && Uri.CheckHostName(address) is UriHostNameType.IPv6);
}
