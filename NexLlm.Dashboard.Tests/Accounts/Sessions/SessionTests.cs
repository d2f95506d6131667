using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Sessions;

public sealed class SessionTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private static int _visitors;

    [Fact]
    public async Task The_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts()
    {
        using var visitor = NewVisitor();
        var answer = await visitor.SignUpAsync("cookies@example.com");

        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        var login = Assert.Single(cookies, c => c.StartsWith("nexllm.login=", StringComparison.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Contains("samesite=lax", login, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https", "__Host-nexllm.login")]
    [InlineData("http", "nexllm.login")]
    public void On_https_alone_its_name_binds_it_to_this_host(string scheme, string name)
    {
        var context = new DefaultHttpContext { Request = { Scheme = scheme } };
        var cookies = new HostPrefixedCookies();

        cookies.AppendResponseCookie(context, "nexllm.login", "x", new CookieOptions { Path = "/", Secure = context.Request.IsHttps });
        context.Request.Headers.Cookie = $"{name}=y";

        Assert.StartsWith($"{name}=x", context.Response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
        Assert.Equal("y", cookies.GetRequestCookie(context, "nexllm.login"));
    }

    [Fact]
    public async Task Logging_out_ends_the_login_even_for_who_kept_the_cookie()
    {
        using var visitor = NewVisitor();
        await visitor.SignUpAsync("out@example.com");
        var kept = visitor.Cookies.GetCookieHeader(app.Address);

        Assert.Equal("/account/login", AccountVisitor.Target(await visitor.SubmitAsync("/account", "/account/logout")));

        using var thief = NewVisitor();
        thief.Cookies.SetCookies(app.Address, kept.Replace("; ", ",", StringComparison.Ordinal));
        Assert.StartsWith("/account/login", AccountVisitor.Target(await thief.GetAsync("/account")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_page_lists_the_own_logins_and_ends_any_of_them()
    {
        using var here = NewVisitor();
        using var there = NewVisitor();
        await here.SignUpAsync("two@example.com");
        await there.LogInAsync("two@example.com");
        await app.SignUpAsync("stranger@example.com");

        var page = await here.ReadAsync("/account");
        Assert.Equal(2, page.Split("<h3>Chrome on Linux<").Length - 1);
        Assert.Single(page.Split("This browser</span>").Skip(1));
        var id = page.Split("name=\"Login\" value=\"")[1][..36];
        Assert.Equal("/account?done=login", AccountVisitor.Target(await here.SubmitAsync("/account", "end-login", ("Login", id))));

        Assert.NotNull(AccountVisitor.Target(await there.GetAsync("/account")));
        Assert.Contains("two@example.com", await here.ReadAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_person_s_login_does_not_exist()
    {
        var ada = await ActorAsync();
        var bob = await ActorAsync();
        var sessions = app.Services.GetRequiredService<SessionService>();

        Assert.False(await sessions.RevokeAsync(ada, bob.SessionId, _cancellation));
        Assert.Single(await sessions.ListAsync(bob, _cancellation));
    }

    [Fact]
    public async Task Log_out_everywhere_else_leaves_only_this_login()
    {
        using var here = NewVisitor();
        using var there = NewVisitor();
        await here.SignUpAsync("else@example.com");
        await there.LogInAsync("else@example.com");

        await here.SubmitAsync("/account", "end-others");

        Assert.NotNull(AccountVisitor.Target(await there.GetAsync("/account")));
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task A_new_password_asks_for_the_old_one_ends_all_other_logins_and_is_audited()
    {
        using var here = NewVisitor();
        using var there = NewVisitor();
        await here.SignUpAsync("change@example.com");
        await there.LogInAsync("change@example.com");
        const string New = "eleven purple teapots";

        var wrong = await here.SubmitAsync("/account/password", "change-password", ("Entry.Current", "not the old one"), ("Entry.New", New));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).StatusCode);
        var weak = await here.SubmitAsync("/account/password", "change-password", ("Entry.Current", AccountVisitor.Password), ("Entry.New", "password12345678"));
        Assert.Equal(HttpStatusCode.BadRequest, weak.StatusCode);
        var done = await here.SubmitAsync("/account/password", "change-password", ("Entry.Current", AccountVisitor.Password), ("Entry.New", New));
        Assert.Equal("/account?done=password", AccountVisitor.Target(done));

        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
        Assert.NotNull(AccountVisitor.Target(await there.GetAsync("/account")));
        Assert.Equal(HttpStatusCode.BadRequest, (await there.LogInAsync("change@example.com")).StatusCode);
        Assert.Equal("/", AccountVisitor.Target(await there.LogInAsync("change@example.com", New)));
        Assert.Contains(await app.AuditAsync(), e => e.Action == AuditActions.AccountPasswordChanged);
    }

    [Fact]
    public async Task The_current_password_can_be_tried_only_so_often_from_one_login()
    {
        var actor = await ActorAsync();
        var accounts = app.Services.GetRequiredService<AccountService>();
        for (var i = 0; i < AccountService.PasswordTries; i++)
        {
            Assert.IsType<PasswordOutcome.Invalid>(await accounts.ChangePasswordAsync(actor, $"guess {i}", "eleven purple teapots", _cancellation));
        }

        Assert.IsType<PasswordOutcome.TooMany>(
            await accounts.ChangePasswordAsync(actor, AccountVisitor.Password, "eleven purple teapots", _cancellation));
    }

    [Fact]
    public async Task A_login_slides_with_its_use_and_ends_after_its_lifetime()
    {
        await using var own = new NexLlmApp { Settings = { ["Accounts:LoginIdle"] = "10.00:00:00", ["Accounts:LoginLifetime"] = "15.00:00:00" } };
        using var visitor = new AccountVisitor(own);
        await visitor.SignUpAsync("slides@example.com");

        own.Clock.Advance(TimeSpan.FromDays(9));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account")).StatusCode);
        own.Clock.Advance(TimeSpan.FromDays(6) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account")).StatusCode);
        own.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull(AccountVisitor.Target(await visitor.GetAsync("/account")));
    }

    [Fact]
    public async Task An_unused_login_ends()
    {
        await using var own = new NexLlmApp { Settings = { ["Accounts:LoginIdle"] = "10.00:00:00" } };
        using var visitor = new AccountVisitor(own);
        await visitor.SignUpAsync("idle@example.com");

        own.Clock.Advance(TimeSpan.FromDays(10));

        Assert.NotNull(AccountVisitor.Target(await visitor.GetAsync("/account")));
    }

    private AccountVisitor NewVisitor() => new(app, new IPAddress([127, 0, 4, (byte)Interlocked.Increment(ref _visitors)]));

    private async Task<Actor> ActorAsync()
    {
        var created = await app.SignUpAsync($"{Guid.NewGuid():N}@example.com");
        return new Actor(created.AccountId, created.Login!.SessionId, IPAddress.Loopback);
    }
}
