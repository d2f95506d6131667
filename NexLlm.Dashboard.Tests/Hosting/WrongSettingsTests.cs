using System.Net;
using System.Net.Sockets;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Hosting;

public sealed class WrongSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task All_wrong_settings_are_told_at_once_each_with_what_to_do_and_nothing_starts()
    {
        var ending = await RefusedAsync(new()
        {
            ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
            ["ConnectionStrings__NexLlm"] = "Data Source=data/nexllm.db;Cache=Shared",
            ["Data__Synchronous"] = "Off",
            ["Keys__MaxPerAccount"] = "many",
            ["Keys__MaxPerAcount"] = "7",
            ["Keys__UndoWindow"] = "00:00:01",
            ["NexLlm__MasterKey"] = "notASecretKeyButSomebodysPassword",
            ["Provisioning__Groups__0__Ratio"] = "-1",
            ["Proxies__Known__0"] = "0.0.0.0/0",
            ["Proxies__Known__1"] = "010.0.0.1",
            ["Setup__AdminEmail"] = "nobody",
        });

        string[] expected =
        [
            "ASPNETCORE_FORWARDEDHEADERS_ENABLED lets any client", "ConnectionStrings:NexLlm has Cache=Shared", "Data:Synchronous: “Off”",
            "Keys:MaxPerAccount is “many”", "Keys:MaxPerAcount is not a valid setting", "Keys:UndoWindow is 00:00:01",
            "NexLlm:MasterKey must be 32 bytes", "Provisioning:Groups:0:Ratio", "Proxies:Known:0 is 0.0.0.0/0", "Proxies:Known:1 is “010.0.0.1”",
            "Setup:AdminEmail",
        ];
        Assert.All(expected, e => Assert.Contains($"  - {e}", ending.Errors, StringComparison.Ordinal));
        Assert.DoesNotContain("notASecretKey", ending.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task An_address_that_is_none_is_told_in_words() =>
        Assert.Contains("Set the address with", (await RefusedAsync([], "--urls", "nonsense")).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task An_address_that_is_taken_is_told_in_words()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";

        var ending = await RefusedAsync([], "--urls", address);

        Assert.Contains($"{address}: address already in use", ending.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_told_in_words()
    {
        var ending = await RefusedAsync(new() { ["ConnectionStrings__NexLlm"] = "Data Source=/proc/nexllm/nexllm.db" });

        Assert.StartsWith("No write permission for /proc/nexllm", ending.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Ending> RefusedAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        await using var program = ProgramProcess.Start(_folder, arguments is [] ? null : arguments, settings);
        var ending = await program.EndAsync();
        Assert.Equal(1, ending.ExitCode);
        Assert.DoesNotContain("   at ", ending.Errors + ending.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("listening on", ending.Output, StringComparison.Ordinal);
        return ending;
    }
}
