using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

public sealed class ProviderRoleTests(SingleSignOnApp site) : IClassFixture<SingleSignOnApp>
{
    private readonly NexLlmApp _app = site.App;

    [Fact]
    public async Task The_claim_gives_and_takes_the_administrators_role_at_each_log_in_but_never_the_last_ones()
    {
        // The other test's administrator goes, so that there is a last one.
        await using (var db = await _app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            await db.UserRoles.ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        }

        using var visitor = new AccountVisitor(_app);
        var changed = new List<long>();
        using var heard = _app.Services.GetRequiredService<AccountChanges>().Subscribe(changed.Add);
        site.Corp.Person = new("root-1", "root@example.com", true, "llm-users");
        Assert.Null((await visitor.LogInWithAsync("corp")).Failure());
        Assert.Contains("Member", await visitor.ReadAsync("/account"), StringComparison.Ordinal);

        site.Corp.Person = site.Corp.Person with { Groups = ["llm-users", "llm-admins"] };
        Assert.Null((await visitor.LogInWithAsync("corp")).Failure());
        Assert.Contains("Administrator", await visitor.ReadAsync("/account"), StringComparison.Ordinal);

        // The last administrator stays it, and the log says what to do.
        site.Corp.Person = site.Corp.Person with { Groups = ["LLM-ADMINS"] };
        Assert.Null((await visitor.LogInWithAsync("corp")).Failure());
        Assert.Contains("Administrator", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Contains("Make another administrator first", _app.Logs.Text, StringComparison.Ordinal);

        await _app.CreateActorAsync(administrator: true);
        Assert.Null((await visitor.LogInWithAsync("corp")).Failure());
        Assert.Contains("Member", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
        var account = (await _app.AccountAsync("root@example.com"))!;
        Assert.Equal(
            [AuditActions.AccountMadeAdministrator, AuditActions.AccountAdministratorTaken],
            (await _app.AuditAsync()).Where(e => e.OwnerId == account.Id && e.Action.Contains("administrator", StringComparison.Ordinal)).Select(e => e.Action));
        Assert.Equal(2, changed.Count(id => id == account.Id));
    }

    [Fact]
    public async Task A_provider_without_the_setting_leaves_roles_alone()
    {
        site.Other.Person = new("plain-1", "plain@example.com", true, "llm-admins");
        using var visitor = new AccountVisitor(_app);
        Assert.Null((await visitor.LogInWithAsync("other")).Failure());
        Assert.Contains("Member", await visitor.ReadAsync("/account"), StringComparison.Ordinal);

        await using (var db = await _app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            await TestAccounts.MakeAdministratorAsync(db, (await _app.AccountAsync("plain@example.com"))!.Id);
        }

        site.Other.Person = site.Other.Person with { Groups = [] };
        Assert.Null((await visitor.LogInWithAsync("other")).Failure());
        Assert.Contains("Administrator", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
    }
}
