using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Components.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Accounts;

public sealed class AccountPageTests(NexLlmApp app) : AdministrationPageTests(app), IClassFixture<NexLlmApp>
{
    [Theory]
    [InlineData("Add tokens", "1M", 6_000_000L, "Overall quota set to 6,000,000 tokens.")]
    [InlineData("Set limit", "0", 0L, "Overall quota set to 0 tokens, all of it used. Requests with its keys are rejected.")]
    [InlineData("Set limit", "1,000", 1_000L, "Overall quota set to 1,000 tokens, all of it used. Requests with its keys are rejected.")]
    [InlineData("Unlimited", null, null, "Overall quota set to unlimited.")]
    public async Task The_quota_is_changed_as_chosen_and_said(string choice, string? amount, long? limit, string said)
    {
        var (_, ada) = await ArrangeAsync(tokenLimit: 5_000_000, used: 2_000);
        var page = OpenAccount(ada);

        await ChooseAsync(page, choice);
        if (amount is not null)
        {
            await page.InvokeAsync(() => page.Find("#account-quota").InputAsync(amount));
        }

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => Assert.Equal([said], Said));
        Assert.Equal(limit, (await App.Services.GetRequiredService<AccountService>().GetAsync(ada, Cancellation)).TokenLimit);
    }

    [Theory]
    [InlineData("Add tokens", "")]
    [InlineData("Add tokens", "0")]
    [InlineData("Set limit", "-1")]
    [InlineData("Set limit", "1.5")]
    public async Task A_wrong_amount_says_so_and_changes_nothing(string choice, string amount)
    {
        var (_, ada) = await ArrangeAsync(tokenLimit: 5_000_000, used: 0);
        var page = OpenAccount(ada);

        await ChooseAsync(page, choice);
        await page.InvokeAsync(() => page.Find("#account-quota").InputAsync(amount));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Equal("true", page.Find("#account-quota").GetAttribute("aria-invalid"));
        Assert.NotEmpty(page.Find("#account-quota-error").TextContent);
        Assert.Equal(5_000_000, (await App.Services.GetRequiredService<AccountService>().GetAsync(ada, Cancellation)).TokenLimit);
    }

    [Fact]
    public async Task A_limit_that_somebody_else_changed_meanwhile_is_shown_before_it_is_replaced()
    {
        var (_, ada) = await ArrangeAsync(tokenLimit: 5_000_000);
        var other = await App.CreateActorAsync(administrator: true);
        var page = OpenAccount(ada);
        await ChooseAsync(page, "Set limit");
        await page.InvokeAsync(() => page.Find("#account-quota").InputAsync("6M"));
        await App.Services.GetRequiredService<AccountQuotas>().ChangeAsync(other, ada.AccountId!.Value, new AccountQuotaChange.Add(2_000_000), Cancellation);
        page.WaitForAssertion(() => Assert.Contains("7,000,000", page.Find(".quota-shown").TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.StartsWith(
            "Not saved: someone else set the overall quota to 7,000,000 tokens.", OneLine(page.Find(".mud-alert").TextContent), StringComparison.Ordinal));
        Assert.Equal("6M", page.Find("#account-quota").GetAttribute("value"));

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.Equal(["Overall quota set to 6,000,000 tokens."], Said));
    }

    [Fact]
    public async Task What_is_dangerous_asks_first_with_the_focus_on_cancel()
    {
        var (_, ada) = await ArrangeAsync();
        var page = OpenAccount(ada);

        Ask(page, "li button", "Disable account");

        Assert.StartsWith("Disable ", Dialogs.Find("[role=dialog] h2").TextContent, StringComparison.Ordinal);
        JSInterop.VerifyFocusAsyncInvoke().Arguments[0].ShouldBeElementReferenceTo(Named(Dialogs, "button", "Cancel"));
        await App.Services.GetRequiredService<AccountService>().GetAsync(ada, Cancellation);
        await AnswerAsync("Disable account");
        page.WaitForAssertion(() => Assert.Equal("Disabled", page.Find(".status").TextContent));
        await Assert.ThrowsAsync<AccessDeniedException>(() => App.Services.GetRequiredService<AccountService>().GetAsync(ada, Cancellation));
    }

    [Fact]
    public async Task The_last_administrator_is_told_why_nothing_was_changed()
    {
        await using var alone = new NexLlmApp();
        var root = await alone.CreateActorAsync("only@example.com", administrator: true);
        foreach (var service in (Type[])[typeof(AccountList), typeof(AccountAccess), typeof(AccountService), typeof(NexLlm.Dashboard.Keys.KeyAdministration)])
        {
            Services.AddSingleton(service, alone.Services.GetRequiredService(service));
        }

        LogIn(root);
        var page = OpenAccount(root);
        Ask(page, "li button", "Remove administrator");
        Assert.Contains("This is your own account.", Dialogs.Find("[role=dialog] p").TextContent, StringComparison.Ordinal);
        await AnswerAsync("Remove administrator");

        page.WaitForAssertion(() => Assert.Equal(["Can't remove the last administrator. Add another one first."], Said));
        Assert.True((await alone.Services.GetRequiredService<AccountService>().GetAsync(root, Cancellation)).IsAdministrator);
    }

    [Fact]
    public async Task A_reset_link_is_shown_once_and_works()
    {
        var (_, ada) = await ArrangeAsync();
        var page = OpenAccount(ada);
        Ask(page, "li button", "Reset password");
        await AnswerAsync("Create link");
        Dialogs.WaitForElement("#one-time-link");

        var token = Dialogs.Find("#one-time-link").GetAttribute("value")!.Split("/account/reset?token=")[1];
        Assert.Equal("one-time-link", Named(Dialogs, "button", "Copy").GetAttribute("data-copy-from"));
        Assert.EndsWith(Uri.EscapeDataString(token), Named(Dialogs, "a", "Write email").GetAttribute("href"), StringComparison.Ordinal);
        Assert.NotNull(await App.Services.GetRequiredService<PasswordResets>().FindAsync(token, Cancellation));
        await AnswerAsync("Done");
        Assert.DoesNotContain(token, page.Markup + Dialogs.Markup, StringComparison.Ordinal);

        page.WaitForAssertion(() =>
        {
            App.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains("Not used yet. Expires in 23h.", OneLine(page.Find("[aria-labelledby=access-title]").TextContent), StringComparison.Ordinal);
        });
        Ask(page, "li button", "Revoke reset link");
        await AnswerAsync("Revoke link");
        page.WaitForAssertion(() => Assert.Equal(["Reset link revoked."], Said));
        Assert.DoesNotContain(page.FindAll("li button"), button => button.TextContent == "Revoke reset link");
        Assert.Null(await App.Services.GetRequiredService<PasswordResets>().FindAsync(token, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_account_that_is_not_there_and_an_owner_who_looks_find_no_such_page(bool administrator)
    {
        var actor = await LogInAsync(administrator);
        var notFound = false;
        Navigation.OnNotFound += (_, _) => notFound = true;

        var page = Render<AccountPage>(parameters => parameters.Add(p => p.Id, administrator ? long.MaxValue : actor.AccountId!.Value));

        page.WaitForAssertion(() => Assert.True(notFound));
        Assert.Empty(page.FindAll("h1, button"));
    }

    [Fact]
    public async Task A_failure_is_told_calmly_and_can_be_tried_again()
    {
        var database = new CountedContexts(App.Contexts) { Fails = true };
        Services.AddSingleton(ActivatorUtilities.CreateInstance<AccountList>(App.Services, database));
        var (_, ada) = await ArrangeAsync();
        var page = OpenAccount(ada);
        Assert.Equal("Couldn't load the account", page.Find("[role=alert] h2").TextContent);

        database.Fails = false;
        await ClickAsync(page, "button", "Try again");

        page.WaitForAssertion(() => Assert.Equal("Overall quota", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task What_takes_something_away_stands_apart_and_every_action_says_how_things_are()
    {
        var (_, ada) = await ArrangeAsync();
        App.Clock.Advance(TimeSpan.FromHours(3));
        var page = OpenAccount(ada);

        Assert.Equal("Member · last seen 3h ago · created 3h ago", OneLine(page.Find(".page-title .muted").TextContent));
        Assert.Equal(["Password", "Sessions", "Member"], page.FindAll("[aria-labelledby=access-title] h3").Select(h => h.TextContent));
        Assert.Equal(["Disable account"], page.FindAll("[aria-labelledby=danger-title] h3").Select(h => h.TextContent));
        Assert.All(page.FindAll(".action-list p"), text => Assert.NotEmpty(text.TextContent));
        Assert.Equal(("Add tokens", "Accounts"), (page.Find("[role=radio][aria-checked=true]").TextContent.Trim(), page.Find(".page-trail a").TextContent));
    }

    private static Task ChooseAsync(IRenderedComponent<AccountPage> page, string choice) => ClickAsync(page, ".mud-toggle-group button", choice);
}
