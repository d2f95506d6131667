using System.Globalization;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Sessions;

/// <summary>Logins from before the program had Identity's cookie, and sessions a security stamp.</summary>
public sealed class FormerLoginTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private const string Told = "NexLLM was upgraded. Log in again.";

    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_was_logged_in_is_told_once_and_loses_the_dead_cookie()
    {
        using var visitor = Visitor(await SessionAsync(_ => { }));

        Assert.StartsWith("/account/login", AccountVisitor.Target(await visitor.GetAsync("/keys")), StringComparison.Ordinal);
        Assert.Contains(Told, await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);
        Assert.DoesNotContain(visitor.Cookies.GetAllCookies(), c => c.Name == "nexllm.login");
        Assert.DoesNotContain(Told, await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_logged_out_or_expired_is_not()
    {
        foreach (var session in new[]
        {
            await SessionAsync(s => s.EndedAt = app.Clock.GetUtcNow()),
            await SessionAsync(s => s.ExpiresAt = app.Clock.GetUtcNow()),
            await SessionAsync(s => s.SecurityStamp = "of this version"),
        })
        {
            using var visitor = Visitor(session);
            Assert.DoesNotContain(Told, await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);
            Assert.DoesNotContain(visitor.Cookies.GetAllCookies(), c => c.Name == "nexllm.login");
        }

        using var late = Visitor(await SessionAsync(_ => { }), until: app.Clock.GetUtcNow());
        Assert.DoesNotContain(Told, await late.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_of_this_version_whose_session_ended_or_that_is_garbage_is_not_one()
    {
        using var person = new AccountVisitor(app, new IPAddress([127, 0, 9, 1]));
        await person.SignUpAsync("former@example.com");
        await using (var db = await app.Contexts.CreateDbContextAsync(_cancellation))
        {
            await db.Set<LoginSession>().ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, app.Clock.GetUtcNow()), _cancellation);
        }

        Assert.DoesNotContain(Told, await person.ReadAsync("/account/login"), StringComparison.Ordinal);
        using var garbage = new AccountVisitor(app, new IPAddress([127, 0, 9, 2]));
        garbage.Cookies.Add(app.Address, new Cookie("nexllm.login", "CfDJ8garbage"));
        Assert.DoesNotContain(Told, await garbage.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    private async Task<LoginSession> SessionAsync(Action<LoginSession> change)
    {
        var actor = await app.CreateActorAsync();
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        var session = await db.Set<LoginSession>().SingleAsync(s => s.Id == actor.SessionId, _cancellation);
        session.SecurityStamp = null;
        change(session);
        await db.SaveChangesAsync(_cancellation);
        return session;
    }

    /// <summary>With the cookie that the version before gave.</summary>
    private AccountVisitor Visitor(LoginSession session, DateTimeOffset? until = null)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, session.AccountId.ToString(CultureInfo.InvariantCulture)),
                new Claim(SessionClaims.SessionId, session.Id.ToString()),
            ],
            "Cookies"));
        var properties = new AuthenticationProperties { IsPersistent = true, ExpiresUtc = until ?? app.Clock.GetUtcNow().AddDays(30) };
        var protector = app.Services.GetRequiredService<IDataProtectionProvider>()
            .CreateProtector("Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationMiddleware", "Cookies", "v2");
        var visitor = new AccountVisitor(app, new IPAddress([127, 0, 9, 3]));
        visitor.Cookies.Add(app.Address, new Cookie("nexllm.login", new TicketDataFormat(protector).Protect(new AuthenticationTicket(principal, properties, "Cookies"))));
        return visitor;
    }
}
