using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed class ResetFactorsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task It_opens_an_account_whose_phone_is_lost_and_says_what_it_did_not_do()
    {
        await using (var app = new NexLlmApp { LastingFolder = _folder })
        {
            await app.SignUpAsync("lost@example.com");
            await app.TurnOnTwoStepAsync(await app.ActorOfAsync("lost@example.com"));
        }

        var reset = await ResetAsync("LOST@example.com");
        Assert.Equal((0, ""), (reset.ExitCode, reset.Errors));
        Assert.Contains("lost@example.com: two-step verification and passkeys removed, 1 session ended.", reset.Output, StringComparison.Ordinal);

        var again = await ResetAsync("lost@example.com");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("Nothing changed.", again.Output, StringComparison.Ordinal);

        var unknown = await ResetAsync("nobody@example.com");
        Assert.Equal((1, "Account not found: nobody@example.com."), (unknown.ExitCode, unknown.Errors.Trim()));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Ending> ResetAsync(string email)
    {
        await using var program = ProgramProcess.Start(
            _folder, ["reset-factors", "--account", email],
            new Dictionary<string, string> { ["ConnectionStrings__NexLlm"] = $"Data Source={_folder.File("nexllm.db")}" });
        return await program.EndAsync();
    }
}
