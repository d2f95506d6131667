using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

public sealed class SingleSignOnTests : IAsyncLifetime
{
    private readonly NexLlmApp _app = new();
    private TestProvider _corp = default!;
    private TestProvider _other = default!;

    public async ValueTask InitializeAsync()
    {
        _corp = await TestProvider.StartAsync(_app.Clock);
        _other = await TestProvider.StartAsync(_app.Clock);
        _corp.Configure(_app, "corp", ("AllowedEmailDomains:0", "example.com"), ("AllowedEmailDomains:1", "bücher.example"), ("StartingTokens", "5000"));
        _other.Configure(_app, "other", ("CreateAccounts", "false"), ("Scopes:0", "email"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _corp.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_log_in_makes_an_account_and_the_next_one_finds_it_whatever_the_address_is_by_then(bool tellsLater)
    {
        _corp.TellsLater = tellsLater;
        _corp.Person = new("ada-1", "Ada@example.com") { SessionId = "at-corp-1" };
        using var first = new AccountVisitor(_app);

        Assert.Equal("/keys", AccountVisitor.Target(await first.LogInWithAsync("corp")));

        Assert.Contains("Ada@example.com", await first.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Contains("Corp Login", await first.ReadAsync("/account"), StringComparison.Ordinal);
        var account = (await _app.AccountAsync("Ada@example.com"))!;
        Assert.True(account is { EmailConfirmed: true, PasswordHash: null, TokenLimit: 5000 });

        _corp.Person = _corp.Person with { Email = "ada.new@example.com", SessionId = "at-corp-2" };
        using var second = new AccountVisitor(_app);
        Assert.Equal("/account?x=1", AccountVisitor.Target(await second.LogInWithAsync("corp", "/account?x=1")));
        Assert.Null(await _app.AccountAsync("ada.new@example.com"));

        await using var db = await _app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var sessions = await db.Set<LoginSession>().Where(s => s.AccountId == account.Id).OrderBy(s => s.CreatedAt).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["at-corp-1", "at-corp-2"], sessions.Select(s => s.ProviderSessionId).Order());
        Assert.All(sessions, s => Assert.Equal((LogInMethod.SingleSignOn, "corp", "ada-1"), (s.Method, s.Provider, s.ProviderSubject)));
        var events = (await _app.AuditAsync()).Where(e => e.OwnerId == account.Id).Select(e => e.Action);
        Assert.Equal([AuditActions.AccountCreated, AuditActions.AccountLoggedIn, AuditActions.AccountLoggedIn], events);
    }

    [Fact]
    public async Task The_providers_tokens_stand_nowhere_in_plain_and_in_no_log()
    {
        string? seen = null;
        _corp.Tamper = token => seen = token.EncodedToken;
        _corp.Person = new("secret-1", "secret@example.com");
        using var visitor = new AccountVisitor(_app);
        await visitor.LogInWithAsync("corp");
        await visitor.ReadAsync("/account");

        Assert.NotNull(seen);
        Assert.DoesNotContain(seen.Split('.')[2], await _app.StoredTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(seen.Split('.')[2], _app.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestProvider.ClientSecret, _app.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eve@example.org", true, "domain")]
    [InlineData("eve@sub.example.com", true, "domain")]
    [InlineData("eve@example.com.evil.org", true, "domain")]
    [InlineData("eve@exаmple.com", true, "domain")]
    [InlineData("eve@example.com", false, "unverified")]
    [InlineData("eve@example.com", null, "unverified")]
    [InlineData("not an address", true, "noemail")]
    [InlineData(null, true, "noemail")]
    [InlineData("eve@EXAMPLE.com", true, null)]
    [InlineData("eve@bücher.example", true, null)]
    [InlineData("eve@xn--bcher-kva.example", true, null)]
    [InlineData("eve@BÜCHER.example", true, "domain")]
    public async Task Only_a_verified_address_of_an_allowed_domain_makes_an_account(string? email, bool? verified, string? failure)
    {
        _corp.Person = new("eve-1", email, verified);
        using var visitor = new AccountVisitor(_app);

        Assert.Equal(failure, (await visitor.LogInWithAsync("corp")).Failure());

        Assert.Equal(failure is null, email is not null && await _app.AccountAsync(email) is not null);
    }

    [Fact]
    public async Task A_domain_that_is_no_longer_allowed_lets_nobody_in_any_more()
    {
        _corp.Person = new("bob-1", "bob@example.com");
        using var visitor = new AccountVisitor(_app);
        await visitor.LogInWithAsync("corp");
        _corp.Person = new("bob-1", "bob@elsewhere.example");

        Assert.Equal("domain", (await visitor.LogInWithAsync("corp")).Failure());
    }

    [Fact]
    public async Task A_provider_that_makes_no_accounts_lets_in_whoever_is_invited_with_the_invitations_quota()
    {
        _other.Person = new("guest-1", "Guest@example.net");
        using var visitor = new AccountVisitor(_app);
        Assert.Equal("noaccount", (await visitor.LogInWithAsync("other")).Failure());

        var root = await _app.CreateActorAsync(administrator: true);
        await _app.Services.GetRequiredService<InvitationService>().InviteAsync(root, "guest@example.net", 77, TestContext.Current.CancellationToken);
        Assert.Null((await visitor.LogInWithAsync("other")).Failure());

        Assert.Equal(77, (await _app.AccountAsync("Guest@example.net"))!.TokenLimit);
        await using var db = await _app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await db.Set<Invitation>().ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true, true, null)]
    [InlineData(false, true, "accountexists")]
    [InlineData(true, false, "accountexists")]
    [InlineData(false, false, "accountexists")]
    public async Task An_existing_account_is_joined_only_if_both_sides_know_the_address_to_be_the_persons(bool here, bool there, string? failure)
    {
        var outcome = await _app.SignUpAsync("carl@example.com");
        await _app.ChangeAsync("carl@example.com", a => a.EmailConfirmed = here);
        // Without allowed domains, which would ask for a verified address by themselves.
        _other.Person = new("carl-1", "CARL@example.com", there);
        using var visitor = new AccountVisitor(_app);

        var answer = await visitor.LogInWithAsync("other");

        Assert.Equal(failure, answer.Failure());
        await using var db = await _app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.Equal(failure is null ? [outcome.AccountId] : [], await db.UserLogins.Select(l => l.UserId).ToListAsync(TestContext.Current.CancellationToken));
        if (failure is not null)
        {
            Assert.Contains(
                "An account with this email already exists. Log in with your password, then connect Other Login on your account page.",
                await visitor.ReadAsync(AccountVisitor.Target(answer)!), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Somebody_else_who_has_the_same_address_at_the_same_provider_later_is_not_let_into_the_account()
    {
        _corp.Person = new("old-1", "shared@example.com");
        using var visitor = new AccountVisitor(_app);
        Assert.Null((await visitor.LogInWithAsync("corp")).Failure());
        _corp.Person = new("new-2", "shared@example.com");
        using var heir = new AccountVisitor(_app);

        Assert.Equal("connected", (await heir.LogInWithAsync("corp")).Failure());
    }

    [Fact]
    public async Task The_same_subject_of_two_providers_is_two_people()
    {
        await _app.SignUpAsync("two@example.com");
        _corp.Person = new("same", "one@example.com");
        _other.Person = new("same", "two@example.com");
        using var visitor = new AccountVisitor(_app);
        Assert.Null((await visitor.LogInWithAsync("corp")).Failure());

        Assert.Equal("accountexists", (await visitor.LogInWithAsync("other")).Failure());
    }

    [Fact]
    public async Task A_disabled_account_stays_outside()
    {
        _corp.Person = new("dora-1", "dora@example.com");
        using var visitor = new AccountVisitor(_app);
        await visitor.LogInWithAsync("corp");
        await _app.ChangeAsync("dora@example.com", a => a.DisabledAt = _app.Clock.GetUtcNow());

        Assert.Equal("disabled", (await visitor.LogInWithAsync("corp")).Failure());
    }

    [Fact]
    public async Task Too_many_from_one_address_wait_and_others_do_not()
    {
        _corp.Person = new("many-1", "many@example.com");
        using var visitor = new AccountVisitor(_app, new IPAddress([127, 0, 0, 77]));
        for (var i = 0; i < 60; i++)
        {
            await visitor.GetAsync("/account/sso/corp");
        }

        Assert.Equal("toomany", (await visitor.LogInWithAsync("corp")).Failure());
        using var neighbour = new AccountVisitor(_app, new IPAddress([127, 0, 0, 78]));
        Assert.Null((await neighbour.LogInWithAsync("corp")).Failure());
    }

    [Fact]
    public async Task A_return_address_of_another_site_leads_home()
    {
        _corp.Person = new("home-1", "home@example.com");
        using var visitor = new AccountVisitor(_app);
        await visitor.LogInWithAsync("corp");

        Assert.Equal("/", AccountVisitor.Target(await visitor.LogInWithAsync("corp", "https://evil.example/")));
        Assert.Equal("/", AccountVisitor.Target(await visitor.LogInWithAsync("corp", "//evil.example/")));
    }

    [Fact]
    public async Task A_provider_that_says_no_and_one_that_is_down_end_on_the_log_in_page_with_what_to_do()
    {
        using var visitor = new AccountVisitor(_app);
        _corp.Person = null;
        var refused = await visitor.LogInWithAsync("corp", "/account");
        Assert.Equal("cancelled", refused.Failure());
        Assert.StartsWith("/account/login?returnUrl=%2Faccount&", AccountVisitor.Target(refused), StringComparison.Ordinal);
        Assert.Contains("Corp Login didn&#x27;t log you in.", await visitor.ReadAsync(AccountVisitor.Target(refused)!), StringComparison.Ordinal);

        await _other.DisposeAsync();
        var down = await visitor.LogInWithAsync("other");
        Assert.Equal("unavailable", down.Failure());
        Assert.Contains("Other Login can&#x27;t be reached right now.", await visitor.ReadAsync(AccountVisitor.Target(down)!), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/account/sso/unknown")).StatusCode);
    }
}
