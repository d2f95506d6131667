using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>What the benchmark's own servers have in common: nothing but Kestrel, at a free port that they print.</summary>
internal static class ChildServer
{
    public const string ReadyMark = "listening on ";

    /// <summary>What older versions of the dashboard print, which are measured too.</summary>
    public const string EarlierReadyMark = "is ready: ";

    public static async Task RunAsync(Action<WebApplicationBuilder> build, Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        build(builder);
        await using var app = builder.Build();
        configure(app);
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"{ReadyMark}{app.Urls.Single()}"));
        await app.RunAsync();
    }
}
