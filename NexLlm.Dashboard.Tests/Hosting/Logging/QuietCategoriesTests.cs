using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting.Logging;

public sealed class QuietCategoriesTests
{
    private const string Canary = "canary-7f3a91";

    [Theory]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore.SignalR.Internal")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore")]
    public async Task No_setting_makes_the_framework_log_what_people_type(string setting)
    {
        await using var app = new NexLlmApp { Settings = { [setting] = "Trace", ["Logging:LogLevel:NexLlm"] = "Trace" } };
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();

        foreach (var category in (string[])
            ["Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", "Microsoft.AspNetCore.SignalR.HubConnectionContext",
             "Microsoft.AspNetCore.Components.Server.Circuits.RemoteRenderer", "Microsoft.AspNetCore.Components.Endpoints.RazorComponentEndpointInvoker",
             "Microsoft.AspNetCore.Http.Connections.Internal.HttpConnectionDispatcher", "Microsoft.AspNetCore.HttpLogging.HttpLoggingMiddleware",
             "Microsoft.EntityFrameworkCore.Database.Command", "System.Net.Http.HttpClient.upstream.LogicalHandler"])
        {
            var logger = loggers.CreateLogger(category);
            Assert.False(logger.IsEnabled(LogLevel.Debug), category);
            Assert.True(logger.IsEnabled(LogLevel.Error), category);
            Type(logger);
        }

        Assert.DoesNotContain(Canary, app.Logs.Text, StringComparison.Ordinal);
        Assert.True(loggers.CreateLogger("NexLlm.Dashboard.Gateway").IsEnabled(LogLevel.Trace));
    }

    [Fact]
    public async Task What_settings_silence_stays_silent()
    {
        await using var app = new NexLlmApp { Settings = { ["Logging:LogLevel:Microsoft.AspNetCore.SignalR"] = "Error" } };
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.SignalR.Hub");

        Assert.False(logger.IsEnabled(LogLevel.Warning));
        Assert.True(logger.IsEnabled(LogLevel.Error));
    }

#pragma warning disable CA1848, CA2254 // As a framework might log it.
    private static void Type(ILogger logger)
    {
        logger.LogDebug("Received hub invocation: {Invocation}", Canary);
        logger.LogTrace(Canary);
    }
#pragma warning restore CA1848, CA2254
}
