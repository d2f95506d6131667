using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.LogIn;

public sealed class LogInTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task The_right_password_logs_in_whatever_the_case_of_the_address()
    {
        using var first = new AccountVisitor(app);
        await first.SignUpAsync("case@example.com");
        using var visitor = new AccountVisitor(app);

        var answer = await visitor.LogInAsync(" CASE@Example.com ", returnUrl: "/account");

        Assert.Equal("/account", AccountVisitor.Target(answer));
        Assert.Contains("case@example.com", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("known@example.com", "wrong umbrella colours")]
    [InlineData("unknown@example.com", "seven green umbrellas")]
    [InlineData("@", "")]
    [InlineData("not an address", "x")]
    [InlineData("\ufffd@example.com", "\ufffd and some more")]
    public async Task Everything_else_is_refused_alike_and_keeps_the_address(string email, string password)
    {
        using var owner = new AccountVisitor(app);
        await owner.SignUpAsync("known@example.com");
        using var visitor = new AccountVisitor(app, new IPAddress([127, 0, 0, 9]));

        var answer = await visitor.LogInAsync(email, password);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Incorrect email or password", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Select(h => h.Key));
        Assert.Contains($"{email.TrimStart('\ufffd')}\" autocomplete", page, StringComparison.Ordinal);
        Assert.False(password is { Length: > 5 } && page.Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disabled_account_is_told_so_only_with_its_password()
    {
        var actor = await PeopleAsync("disabled@example.com");
        await using (var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            (await db.Users.SingleAsync(a => a.Id == actor.AccountId, TestContext.Current.CancellationToken)).DisabledAt = app.Clock.GetUtcNow();
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using var visitor = new AccountVisitor(app, new IPAddress([127, 0, 0, 8]));
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.LogInAsync("disabled@example.com", "wrong umbrella colours")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.LogInAsync("disabled@example.com")).StatusCode);
    }

    [Fact]
    public async Task Every_try_that_reaches_the_password_is_audited_with_its_address()
    {
        var actor = await PeopleAsync("audited@example.com");
        var logins = app.Services.GetRequiredService<LogInService>();
        var visitor = Actor.Visitor(new IPAddress([192, 0, 2, 1]));

        await logins.LogInAsync(visitor, new LogInRequest("audited@example.com", "wrong"), TestContext.Current.CancellationToken);
        await logins.LogInAsync(visitor, new LogInRequest("audited@example.com", AccountVisitor.Password), TestContext.Current.CancellationToken);

        var events = (await app.AuditAsync()).Where(e => e.OwnerId == actor.AccountId && e.Address == "192.0.2.1").ToList();
        Assert.Equal([AuditActions.AccountLogInRefused, AuditActions.AccountLoggedIn], events.Select(e => e.Action));
        Assert.Equal([null, actor.AccountId], events.Select(e => e.ActorId));
    }

    [Fact]
    public async Task Logging_in_again_ends_the_login_that_the_browser_had()
    {
        var actor = await PeopleAsync("again@example.com");
        await app.Services.GetRequiredService<LogInService>().LogInAsync(
            actor, new LogInRequest("again@example.com", AccountVisitor.Password), TestContext.Current.CancellationToken);

        Assert.Equal(AuditActions.AccountLoggedOut, (await app.AuditAsync()).Last(e => e.OwnerId == actor.AccountId).Action);
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var ended = await db.Set<LoginSession>().Where(s => s.AccountId == actor.AccountId && s.EndedAt != null)
            .Select(s => s.Id).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([actor.SessionId], ended);
    }

    private async Task<Actor> PeopleAsync(string email)
    {
        var outcome = await app.SignUpAsync(email);
        return new Actor(outcome.AccountId, outcome.Login!.SessionId, IPAddress.Loopback);
    }
}
