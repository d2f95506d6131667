using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Prints the address to open once the server has started.</summary>
internal static class ReadyMessage
{
    public static void WriteWhenStarted(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var pathBase = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.PathBase;
        var addresses = app.Services.GetRequiredService<IServer>().OpenableAddresses().Select(address => address + pathBase);
        Console.WriteLine($"NexLLM Dashboard listening on {string.Join(", ", addresses)}");
        Console.WriteLine($"Database: {app.Services.GetRequiredService<IDatabaseEngine>().Location}");
    });
}
