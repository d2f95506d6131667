using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Hosting.Failure;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting.Failure;

/// <summary>A process that cannot serve any more ends, and its exit code says that it is to be started again.</summary>
public sealed class ProcessFailureTests
{
    [Fact]
    public async Task A_dead_listener_ends_the_process()
    {
        using var folder = new TemporaryFolder();
        await using var program = ProgramProcess.Start(folder, settings: Sabotage.OfListener);
        var address = await program.ReadyAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var ending = await program.EndAsync();

        Assert.Equal(ProcessFailure.ExitCode, ending.ExitCode);
        Assert.Contains("The server no longer accepts connections. Exiting so that the process can be restarted", ending.Output, StringComparison.Ordinal);
    }

    /// <summary>Without memory nothing is certain but the end, so that only the code is.</summary>
    [Fact]
    public async Task A_process_without_memory_ends()
    {
        using var folder = new TemporaryFolder();
        await using var program = ProgramProcess.Start(folder, settings: Sabotage.OfMemory);
        await program.ReadyAsync();
        var ending = await program.EndAsync();

        Assert.NotEqual(0, ending.ExitCode);
    }

    [Fact]
    public async Task An_array_that_is_too_large_ends_nothing()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        var watch = app.Service<MemoryWatch>();
        var before = watch.FalseAlarms;
        Assert.Throws<OutOfMemoryException>(() => new byte[int.MaxValue]);

        await GatewayApp.UntilAsync(() => Task.FromResult(watch.FalseAlarms > before));
        Assert.False(app.Service<ProcessFailure>().Happened);
        using var answer = await caller.ChatAsync();
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task What_is_merely_critical_ends_nothing()
    {
        await using var app = await GatewayApp.StartAsync();
        _ = app.Address;
        using var listening = new FailureLog(app.Services);
        var log = listening.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
#pragma warning disable CA1848, CA2254, CA1873 // The framework's own words.
        log.LogCritical("Connection id \"1\" application never completed.");
#pragma warning restore CA1848, CA2254, CA1873

        Assert.False(app.Service<ProcessFailure>().Happened);
    }
}
