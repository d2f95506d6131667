using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace NexLlm.Dashboard.Hosting.Settings;

/// <summary>Where the server listens, once it does.</summary>
internal static class ListenAddresses
{
    /// <summary>As a browser on this machine can open them: “any address” is no address to open.</summary>
    public static IReadOnlyList<string> Openable(this IServer server) =>
    [
        .. (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(address => address
            .Replace("//[::]", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
            .TrimEnd('/')),
    ];
}
