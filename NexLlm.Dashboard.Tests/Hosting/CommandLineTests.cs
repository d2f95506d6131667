using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_lists_the_commands_and_touches_nothing(string word)
    {
        var ending = await RunAsync(word);

        Assert.Equal(0, ending.ExitCode);
        Assert.Contains("Usage:", ending.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task An_unknown_command_is_told_and_starts_nothing()
    {
        var ending = await RunAsync("frobnicate");

        Assert.NotEqual(0, ending.ExitCode);
        Assert.Contains("'frobnicate'", ending.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task Beside_a_running_server_the_ledger_can_be_verified_but_no_demo_data_be_made()
    {
        await using var server = ProgramProcess.Start(_folder);
        await server.ReadyAsync();

        var verify = await RunAsync("verify");
        Assert.Equal((0, ""), (verify.ExitCode, verify.Errors));
        Assert.Contains("OK: all counters match the ledger.", verify.Output, StringComparison.Ordinal);

        var demo = await RunAsync("demo-data", "--keys", "3");
        Assert.Equal(1, demo.ExitCode);
        Assert.Contains("Stop it first", demo.Errors, StringComparison.Ordinal);

        await server.StopAsync();
        Assert.Equal(0, (await RunAsync("demo-data", "--keys", "3")).ExitCode);
        Assert.Equal(0, (await RunAsync("verify")).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Ending> RunAsync(params string[] arguments)
    {
        await using var program = ProgramProcess.Start(_folder, arguments);
        return await program.EndAsync();
    }
}
