using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.BreakGlass;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.BreakGlass;

public sealed class BreakGlassTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private BreakGlassLinks Links => app.Services.GetRequiredService<BreakGlassLinks>();

    [Fact]
    public async Task The_link_logs_an_administrator_in_once_and_the_machine_is_recorded()
    {
        var root = await app.CreateActorAsync("root@example.com", administrator: true);
        var issued = await IssueAsync("ROOT@example.com");
        using var operatorsBrowser = new AccountVisitor(app);
        using var other = new AccountVisitor(app);
        var page = $"/account/break-glass?token={issued.Token}";

        Assert.Contains("root@example.com", await operatorsBrowser.ReadAsync(page), StringComparison.Ordinal);
        Assert.Equal("/", AccountVisitor.Target(await operatorsBrowser.SubmitAsync(page, "break-glass")));
        Assert.Contains("Administrator", await operatorsBrowser.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync(page)).StatusCode);
        Assert.IsType<BreakGlassEntry.LinkRefused>(await Links.EnterAsync(Actor.Visitor(null), issued.Token, null, _cancellation));
        var events = (await app.AuditAsync()).Where(e => e.OwnerId == root.AccountId).ToList();
        Assert.Equal([AuditActions.AccountBreakGlassLinkIssued, AuditActions.AccountLoggedIn], events.Select(e => e.Action));
        Assert.Contains("break-glass", events[1].Changes, StringComparison.Ordinal);
        Assert.DoesNotContain(issued.Token.Split('.')[1], await app.StoredTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_is_replaced_old_forged_or_no_longer_an_administrators_lets_nobody_in()
    {
        await app.CreateActorAsync("another@example.com", administrator: true);
        var replaced = await IssueAsync("late@example.com", make: true);
        Assert.True(replaced is { IsNew: true, IsPromoted: true });
        var last = await IssueAsync("late@example.com");

        foreach (var token in new[] { replaced.Token, last.Token + "x", last.Token.Split('.')[1], "", ".", "999999.x", last.Token.Replace(last.Token.Split('.')[0], "1", StringComparison.Ordinal) })
        {
            Assert.IsType<BreakGlassEntry.LinkRefused>(await Links.EnterAsync(Actor.Visitor(null), token, null, _cancellation));
        }

        app.Clock.Advance(BreakGlassLinks.Lifetime);
        Assert.IsType<BreakGlassEntry.LinkRefused>(await Links.EnterAsync(Actor.Visitor(null), last.Token, null, _cancellation));
        var disabled = await IssueAsync("late@example.com");
        await SingleSignOn.SingleSignOnVisits.ChangeAsync(app, "late@example.com", a => a.DisabledAt = app.Clock.GetUtcNow());
        Assert.IsType<BreakGlassEntry.LinkRefused>(await Links.EnterAsync(Actor.Visitor(null), disabled.Token, null, _cancellation));
        Assert.IsType<BreakGlassOutcome.Disabled>(await Links.IssueAsync(Actor.Machine, "late@example.com", makeAdministrator: true, _cancellation));
    }

    [Fact]
    public async Task It_makes_no_account_and_no_administrator_unless_told_to()
    {
        await app.CreateActorAsync("member@example.com");

        Assert.IsType<BreakGlassOutcome.UnknownAccount>(await Links.IssueAsync(Actor.Machine, "typo@example.com", makeAdministrator: false, _cancellation));
        Assert.IsType<BreakGlassOutcome.NotAdministrator>(await Links.IssueAsync(Actor.Machine, "member@example.com", makeAdministrator: false, _cancellation));
        Assert.IsType<BreakGlassOutcome.InvalidEmail>(await Links.IssueAsync(Actor.Machine, "no address", makeAdministrator: true, _cancellation));
        Assert.True(await IssueAsync("member@example.com", make: true) is { IsNew: false, IsPromoted: true });
    }

    [Fact]
    public async Task Beside_a_running_server_the_command_prints_a_link_that_works_there_whatever_the_log_in_settings_are()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["Setup__AdminEmail"] = "root@example.com",
            ["Setup__AdminPassword"] = AccountVisitor.Password,
            ["Accounts__PasswordLogIn"] = "Off",
            ["SingleSignOn__Providers__gone__Authority"] = "https://login.example.com",
            ["SingleSignOn__Providers__gone__ClientId"] = "nexllm",
            ["SingleSignOn__Providers__gone__ClientSecret"] = "secret",
        };
        await using var server = ProgramProcess.Start(folder, settings: settings);
        var address = await server.ReadyAsync();
        await using var command = ProgramProcess.Start(folder, ["break-glass", "--account", "root@example.com", "--url", address.ToString()], settings);

        var ending = await command.EndAsync();

        Assert.Equal((0, ""), (ending.ExitCode, ending.Errors));
        var link = ending.Output.Split(' ').Single(word => word.StartsWith("http", StringComparison.Ordinal));
        Assert.Contains("(single use, valid 15 minutes)", ending.Output, StringComparison.Ordinal);
        using var browser = new AccountVisitor(address);
        Assert.DoesNotContain("Entry.Password", await browser.ReadAsync("/account/login"), StringComparison.Ordinal);
        Assert.Equal("/", AccountVisitor.Target(await browser.SubmitAsync(new Uri(link).PathAndQuery, "break-glass")));
        Assert.Contains("root@example.com", await browser.ReadAsync("/account"), StringComparison.Ordinal);
    }

    private async Task<BreakGlassOutcome.Issued> IssueAsync(string email, bool make = false) =>
        Assert.IsType<BreakGlassOutcome.Issued>(await Links.IssueAsync(Actor.Machine, email, make, _cancellation));
}
