using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Tells whoever started the program what to open.</summary>
internal static class ReadyMessage
{
    public static void WriteWhenStarted(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Console.WriteLine($"NexLLM Dashboard is ready: {string.Join(", ", addresses.Select(Openable))}");
        Console.WriteLine($"Its data stands in {app.Services.GetRequiredService<IOptions<DatabaseOptions>>().Value.Path}");
    });

    /// <summary>“Any address” is where it listens, but nothing that a browser could open.</summary>
    public static string Openable(string address) => address
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal);
}
