using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace NexLlm.Dashboard.Settings;

/// <summary>The server's addresses in a form that browsers can open.</summary>
public static class OpenableAddress
{
    /// <summary>One URL per address the server listens on, without a trailing slash; empty before it has started.</summary>
    public static IReadOnlyList<string> OpenableAddresses(this IServer server) =>
        [.. (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(Openable)];

    /// <summary>The same for a server in another process, from its settings: the first address it listens on.</summary>
    public static string FirstOpenableAddress(this IConfiguration configuration) => Openable(
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).FirstOrDefault(url => url is { Length: > 0 })
        ?? configuration[WebHostDefaults.ServerUrlsKey]?.Split(';')[0]
        ?? $"http://localhost:{configuration[WebHostDefaults.HttpPortsKey]?.Split(';')[0]}");

    /// <summary>Replaces the wildcard address, which a browser can't open.</summary>
    internal static string Openable(string address) => address.TrimEnd('/')
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal);
}
