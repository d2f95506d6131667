using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SignUp;

public sealed class SignUpTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_signs_up_is_logged_in_has_nothing_to_spend_and_is_no_administrator()
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);

        // What a form adds by itself, a client may add too: none of it may reach the account.
        var answer = await visitor.SubmitAsync(
            "/account/register", "sign-up", ("Entry.Email", "ada@example.com"), ("Entry.Password", AccountVisitor.Password),
            ("Entry.TokenLimit", "1000000"), ("Entry.UsedTokens", "-5"), ("Entry.Role", "Administrator"), ("Entry.Roles[0]", "Administrator"),
            ("Entry.Id", "1"), ("Entry.IsAdministrator", "true"), ("TokenLimit", "1000000"), ("Entry.DisabledAt", ""));

        Assert.Equal("/keys", AccountVisitor.Target(answer));
        Assert.Contains("No quota yet", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        var account = await db.Users.SingleAsync(_cancellation);
        Assert.Equal((0L, 0L), (account.TokenLimit, account.UsedTokens));
        Assert.Empty(await db.UserRoles.ToListAsync(_cancellation));
        Assert.Equal([AuditActions.AccountCreated, AuditActions.AccountLoggedIn], (await app.AuditAsync()).Select(e => e.Action));
        Assert.All(await app.AuditAsync(), e => Assert.Equal((account.Id, "127.0.0.1"), (e.OwnerId, e.Address)));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_once_and_the_address_stays()
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);

        var answer = await visitor.SignUpAsync("ada at example", "too short");

        var page = await answer.Content.ReadAsStringAsync(_cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Enter a valid email address", page, StringComparison.Ordinal);
        Assert.Contains("needs at least 15", page, StringComparison.Ordinal);
        Assert.Contains("value=\"ada at example\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", page, StringComparison.Ordinal);
        Assert.Empty(await app.AuditAsync());
    }

    [Fact]
    public async Task Two_spellings_of_one_address_are_one_account_even_at_once()
    {
        await using var app = new NexLlmApp();
        var signUp = app.Services.GetRequiredService<SignUpService>();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => signUp.SignUpAsync(
            Actor.Visitor(new IPAddress([10, 0, 0, (byte)i])),
            new NewAccount(i % 2 == 0 ? "ada@example.com" : " ADA@Example.COM", AccountVisitor.Password), _cancellation)));

        Assert.Single(outcomes.OfType<NewAccountOutcome.Created>());
        Assert.All(outcomes.OfType<NewAccountOutcome.Invalid>(), i => Assert.Contains("already", i.EmailError, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_address_signs_up_ten_times_and_then_waits()
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);
        var signUp = app.Services.GetRequiredService<SignUpService>();
        for (var i = 0; i < 10; i++)
        {
            // An address that has an account already is used up like any other: this is how accounts would be collected.
            await signUp.SignUpAsync(Actor.Visitor(IPAddress.Loopback), new NewAccount("taken@example.com", AccountVisitor.Password), _cancellation);
        }

        var answer = await visitor.SignUpAsync("one.more@example.com");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        app.Clock.Advance(answer.Headers.RetryAfter!.Delta!.Value);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignUpAsync("one.more@example.com")).StatusCode);
    }

    [Fact]
    public async Task A_closed_sign_up_says_so_and_makes_no_account()
    {
        await using var app = new NexLlmApp { Settings = { ["Accounts:SignUp"] = "Closed" } };
        using var visitor = new AccountVisitor(app);

        Assert.Contains("Sign-up is closed", await visitor.ReadAsync("/account/register"), StringComparison.Ordinal);
        Assert.DoesNotContain("/account/register", await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);
        Assert.IsType<NewAccountOutcome.Closed>(await app.Services.GetRequiredService<SignUpService>().SignUpAsync(
            Actor.Visitor(null), new NewAccount("ada@example.com", AccountVisitor.Password), _cancellation));
    }

    [Fact]
    public async Task The_starting_quota_is_a_setting()
    {
        await using var app = new NexLlmApp { Settings = { ["Accounts:SignUpTokens"] = "250000" } };

        var created = await app.SignUpAsync("ada@example.com");

        var overview = await app.Services.GetRequiredService<AccountService>().GetAsync(
            new Actor(created.AccountId, created.Login!.SessionId, null), _cancellation);
        Assert.Equal(250_000, overview.TokenLimit);
    }
}
