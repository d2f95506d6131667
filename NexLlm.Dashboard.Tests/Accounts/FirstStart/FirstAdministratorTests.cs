using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.FirstStart;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.FirstStart;

public sealed class FirstAdministratorTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_50_who_use_the_link_at_once_one_becomes_administrator_and_then_there_is_no_such_page()
    {
        await using var app = new NexLlmApp();
        var token = First(app).IssueToken();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => First(app).SetUpAsync(
            Actor.Visitor(new IPAddress([10, 0, 0, (byte)i])), token, new NewAccount($"admin{i}@example.com", AccountVisitor.Password, "Mozilla/5.0"), _cancellation)));

        var created = Assert.Single(outcomes.OfType<NewAccountOutcome.Created>());
        Assert.Equal(49, outcomes.OfType<NewAccountOutcome.LinkRefused>().Count());
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);
        Assert.Equal(created.AccountId, (await db.UserRoles.SingleAsync(_cancellation)).UserId);
        var overview = await app.Services.GetRequiredService<AccountService>().GetAsync(
            new Actor(created.AccountId, created.Login!.SessionId, null), _cancellation);
        Assert.Equal((true, (long?)null), (overview.IsAdministrator, overview.TokenLimit));

        using var visitor = new AccountVisitor(app);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"/account/setup?token={token}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/account/setup")).StatusCode);
        Assert.DoesNotContain("no administrator yet", await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_leads_through_the_form_to_a_logged_in_administrator_and_is_never_logged()
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);
        Assert.Contains("no administrator yet", await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);
        var token = First(app).IssueToken();

        var weak = await visitor.SubmitAsync($"/account/setup?token={token}", "set-up", ("Entry.Email", "ada@example.com"), ("Entry.Password", "short"));
        var done = await visitor.SubmitAsync(
            $"/account/setup?token={token}", "set-up", ("Entry.Email", "ada@example.com"), ("Entry.Password", AccountVisitor.Password));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Redirect), (weak.StatusCode, done.StatusCode));
        var page = await visitor.ReadAsync("/account");
        Assert.Contains("Administrator", page, StringComparison.Ordinal);
        Assert.Contains("Unlimited", page, StringComparison.Ordinal);

        // The framework's own line for each request has its address, and is off unless an operator turns it on.
        Assert.DoesNotContain(app.Logs.Lines, l => !l.Category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) && l.Message.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(AccountVisitor.Password, app.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_an_old_and_a_replaced_link_are_refused()
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);
        var replaced = First(app).IssueToken();
        var token = First(app).IssueToken();
        var account = new NewAccount("ada@example.com", AccountVisitor.Password);

        foreach (var wrong in new[] { null, "", "x", replaced, token + "A", token[..^1], token.ToUpperInvariant() })
        {
            Assert.IsType<NewAccountOutcome.LinkRefused>(await First(app).SetUpAsync(Actor.Visitor(null), wrong, account, _cancellation));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync($"/account/setup?token={replaced}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"/account/setup?token={token}")).StatusCode);
        app.Clock.Advance(FirstAdministrator.LinkLifetime);
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync($"/account/setup?token={token}")).StatusCode);
        Assert.IsType<NewAccountOutcome.LinkRefused>(await First(app).SetUpAsync(Actor.Visitor(null), token, account, _cancellation));
        Assert.Empty(await app.AuditAsync());
    }

    [Fact]
    public async Task A_fresh_installation_has_no_account_and_so_no_default_password()
    {
        await using var app = new NexLlmApp();
        await using var db = await app.Contexts.CreateDbContextAsync(_cancellation);

        Assert.False(await db.Users.AnyAsync(_cancellation));
    }

    [Fact]
    public async Task The_settings_make_the_first_administrator_unattended()
    {
        await using var app = new NexLlmApp
        {
            Settings = { ["Setup:AdminEmail"] = "root@example.com", ["Setup:AdminPassword"] = AccountVisitor.Password },
        };
        using var visitor = new AccountVisitor(app);

        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/account/setup")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.LogInAsync("root@example.com", returnUrl: "/account")).StatusCode);
        Assert.Contains("Administrator", await visitor.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Contains(await app.AuditAsync(), e => e is { Action: AuditActions.AccountCreated, ActorId: null, Address: null });
        Assert.DoesNotContain(AccountVisitor.Password, app.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root@example.com", null, "Setup:AdminPassword")]
    [InlineData(null, "seven green umbrellas", "Setup:AdminEmail")]
    [InlineData("root@example.com", "short", "Setup:AdminPassword")]
    [InlineData("not an address", "seven green umbrellas", "Setup:AdminEmail")]
    public void Half_or_weak_settings_refuse_the_start_and_name_the_setting_but_not_the_secret(string? email, string? password, string named)
    {
        var result = new SetupOptionsRules(new BreachedPasswords(Options.Create(new AccountsOptions()), NullLogger<BreachedPasswords>.Instance)).Validate(Options.DefaultName, new SetupOptions { AdminEmail = email, AdminPassword = password });

        var failure = Assert.Single(result.Failures!);
        Assert.Contains(named, failure, StringComparison.Ordinal);
        Assert.False(password is not null && failure.Contains(password, StringComparison.Ordinal));
    }

    private static FirstAdministrator First(NexLlmApp app) => app.Services.GetRequiredService<FirstAdministrator>();
}
