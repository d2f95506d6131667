using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed class GrantCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task It_works_beside_a_running_server_and_says_what_it_did_not_do()
    {
        await using var server = ProgramProcess.Start(_folder, settings: new Dictionary<string, string>
        {
            ["Setup__AdminEmail"] = "root@example.com",
            ["Setup__AdminPassword"] = AccountVisitor.Password,
        });
        await server.ReadyAsync();

        var unlimited = await GrantAsync("--account", "ROOT@example.com", "--tokens", "5");
        Assert.Equal((0, ""), (unlimited.ExitCode, unlimited.Errors));
        Assert.Contains("root@example.com: overall quota is already unlimited", unlimited.Output, StringComparison.Ordinal);

        var unknown = await GrantAsync("--account", "nobody@example.com", "--tokens", "5");
        Assert.Equal((1, "Account not found: nobody@example.com. The person has to sign up first."), (unknown.ExitCode, unknown.Errors.Trim()));
        Assert.Equal(1, (await GrantAsync("--account", "root@example.com", "--tokens", "9223372036854775808")).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Ending> GrantAsync(params string[] arguments)
    {
        await using var program = ProgramProcess.Start(_folder, ["grant", .. arguments]);
        return await program.EndAsync();
    }
}
