using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace NexLlm.Dashboard.Hosting.Settings;

/// <summary>Where the settings put the program, in words that a browser understands.</summary>
public static class OpenableAddress
{
    /// <summary>One for each that the server listens at, without a slash at the end; none before it has started.</summary>
    public static IReadOnlyList<string> OpenableAddresses(this IServer server) =>
        [.. (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(Openable)];

    /// <summary>The same of a server that is not this process, by its settings: the first that it listens at.</summary>
    public static string FirstOpenableAddress(this IConfiguration configuration) => Openable(
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).FirstOrDefault(url => url is { Length: > 0 })
        ?? configuration[WebHostDefaults.ServerUrlsKey]?.Split(';')[0]
        ?? $"http://localhost:{configuration[WebHostDefaults.HttpPortsKey]?.Split(';')[0]}");

    /// <summary>“Any address” is where it listens, but nothing that a browser could open.</summary>
    internal static string Openable(string address) => address.TrimEnd('/')
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal);
}
