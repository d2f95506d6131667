using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Components.Accounts;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Accounts;

public sealed class AccountsPageTests(NexLlmApp app) : AdministrationPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task A_row_says_what_an_account_is_has_and_uses()
    {
        await LogInAsync(administrator: true);
        var ada = await App.CreateActorAsync("row-ada@example.com", tokenLimit: 10_000_000);
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        await App.CreateKeyAsync(ada, "two");
        await App.SpendAsync(ada, key.Id, 7_500_000);

        var page = Open("accounts?q=row-ada");

        Assert.Equal(["row-ada@example.com | Active | Member | 7.5M used of 10M | 2 | Just now | Just now"], Rows(page));
        Assert.Equal("bar bar-amber", page.Find("tbody .bar").GetAttribute("class"));
        Assert.Equal($"accounts/{ada.AccountId}", page.Find("tbody a").GetAttribute("href"));
    }

    [Fact]
    public async Task Chips_columns_and_the_search_lead_to_addresses_and_addresses_bring_them_back()
    {
        var root = await LogInAsync(administrator: true);
        var off = await App.CreateActorAsync("address-off@example.com");
        await App.CreateActorAsync("address-on@example.com");
        await App.Services.GetRequiredService<AccountAccess>().SetEnabledAsync(root, off.AccountId!.Value, enabled: false, Cancellation);
        var page = Open("accounts?q=address");
        Assert.Equal(2, Rows(page).Count);

        var chip = page.FindAll(".mud-chip").Single(c => OneLine(c.TextContent) == "Disabled 1").GetAttribute("href")!;
        Assert.Equal("accounts?q=address&show=disabled", chip);
        Navigation.NavigateTo(chip);
        page.WaitForAssertion(() => Assert.StartsWith("address-off@example.com | Disabled", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Assert.Equal("accounts?q=address&show=disabled&sort=used", Named(page, "th a", "Quota").GetAttribute("href"));
    }

    [Fact]
    public async Task An_account_that_never_had_a_quota_is_not_called_exhausted()
    {
        await LogInAsync(administrator: true);
        await App.CreateActorAsync("without-quota@example.com", tokenLimit: 0);

        var page = Open("accounts?q=without-quota");

        Assert.StartsWith("without-quota@example.com | No quota yet | Member | None", Assert.Single(Rows(page)), StringComparison.Ordinal);
        Assert.Contains(page.FindAll(".mud-chip"), chip => OneLine(chip.TextContent) == "Quota exhausted 0");
        Navigation.NavigateTo("accounts?q=without-quota&show=exhausted");
        page.WaitForAssertion(() => Assert.DoesNotContain(Rows(page), row => row.StartsWith("without-quota@example.com", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_changed_quota_shows_by_itself()
    {
        await LogInAsync(administrator: true);
        var ada = await App.CreateActorAsync("live-ada@example.com", tokenLimit: 5);
        var page = Open("accounts?q=live-ada");

        await App.Services.GetRequiredService<AccountQuotas>().GrantAsync(
            NexLlm.Dashboard.Access.Actor.Machine, "live-ada@example.com", 1_000_000, Cancellation);

        page.WaitForAssertion(() => Assert.Contains("0 used of 1M", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Assert.NotNull(ada);
    }

    [Fact]
    public async Task Who_is_new_or_invited_shows_by_itself()
    {
        var root = await LogInAsync(administrator: true);
        var page = Open("accounts?q=newcomer");
        Assert.Equal("No matching accounts or keys", page.Find("h2").TextContent);

        await App.SignUpAsync("newcomer@example.com");
        var invitations = App.Services.GetRequiredService<InvitationService>();
        await invitations.InviteAsync(root, "guest-elsewhere@example.com", 1, Cancellation);

        page.WaitForAssertion(() =>
        {
            App.Clock.Advance(TimeSpan.FromSeconds(2));
            Assert.StartsWith("newcomer@example.com | ", Assert.Single(Rows(page)), StringComparison.Ordinal);
            Assert.Contains("guest-elsewhere@example.com", page.Find(".pending").TextContent, StringComparison.Ordinal);
        });

        // The other tests of this class look at all that are pending.
        await invitations.WithdrawAsync(root, Assert.Single(await invitations.ListAsync(root, Cancellation)).Id, Cancellation);
    }

    [Fact]
    public async Task A_key_is_found_by_a_part_of_its_name_whoever_s_it_is()
    {
        await LogInAsync(administrator: true);
        var ada = await App.CreateActorAsync("named-ada@example.com");
        var key = (await App.CreateKeyAsync(ada, "Nightly-Build")).Key;
        var gone = (await App.CreateKeyAsync(ada, "nightly-gone")).Key;
        await App.Keys.DeleteAsync(ada, [gone.Id], Cancellation);

        var page = Open("accounts?q=ightly");

        Assert.Equal([$"Nightly-Build{key.DisplayForm} | Active | named-ada@example.com | Never"], Rows(page));
        Assert.Equal([$"keys/{key.Id}", $"accounts/{ada.AccountId}"], page.FindAll("tbody a").Select(a => a.GetAttribute("href")));
        Navigation.NavigateTo("accounts?q=named-ada");
        page.WaitForAssertion(() => Assert.StartsWith("named-ada@example.com", Assert.Single(Rows(page)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_no_administrator_finds_no_such_page()
    {
        await LogInAsync();
        Navigation.NavigateTo("accounts");
        var notFound = false;
        Navigation.OnNotFound += (_, _) => notFound = true;

        var page = Render<AccountsPage>();

        Assert.True(notFound);
        Assert.Empty(page.FindAll("h1, table, button"));
    }

    [Fact]
    public async Task A_secret_that_nobody_has_is_said_to_be_nobodys_and_leaves_the_box_and_the_address()
    {
        await LogInAsync(administrator: true);
        var page = Open("accounts");
        var stranger = NexLlm.Dashboard.Keys.KeySecret.Generate().Reveal();

        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync(stranger));
        await page.InvokeAsync(() => page.Find("input[type=search]").KeyDownAsync("Enter"));

        page.WaitForAssertion(() => Assert.Equal("The pasted key doesn't belong to any account.", page.Find(".mud-alert-message").TextContent));
        Assert.True(string.IsNullOrEmpty(page.Find("input[type=search]").GetAttribute("value")));
        Assert.DoesNotContain(stranger, page.Markup + Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_the_address_does_not_stay_there()
    {
        await LogInAsync(administrator: true);
        Navigation.NavigateTo("accounts?q=sk-nexllm-whatever");

        Render<AccountsPage>();

        Assert.EndsWith("/accounts", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_shows_its_link_once_and_can_be_withdrawn()
    {
        var root = await LogInAsync(administrator: true);
        var page = Open("accounts");
        Ask(page, "button", "Invite someone");
        await Dialogs.InvokeAsync(() => Dialogs.Find("#invite-email").ChangeAsync("not an address"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("#invite").SubmitAsync());
        Dialogs.WaitForAssertion(() => Assert.Equal("Enter a valid email address, such as ada@example.com.", Dialogs.Find("#invite-email-error").TextContent));
        await Dialogs.InvokeAsync(() => Dialogs.Find("#invite-email").ChangeAsync("invited@example.com"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("#invite-quota").ChangeAsync("2M"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("#invite").SubmitAsync());
        Dialogs.WaitForAssertion(() => Assert.Contains("/account/invitation?token=", Dialogs.Find("#one-time-link").GetAttribute("value"), StringComparison.Ordinal));
        Assert.Contains("mud-button-filled-primary", Named(Dialogs, "button", "Copy").ClassList);
        Assert.StartsWith("mailto:invited@example.com?", Named(Dialogs, "a", "Write email").GetAttribute("href"), StringComparison.Ordinal);

        await AnswerAsync("Done");
        Assert.DoesNotContain("token=", page.Markup + Dialogs.Markup, StringComparison.Ordinal);
        page.WaitForElement(".pending");
        Assert.Contains("2 million tokens", page.Find(".pending").TextContent, StringComparison.Ordinal);

        Ask(page, "button", "Revoke invitation for invited@example.com");
        await AnswerAsync("Revoke invitation");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".pending")));
        Assert.Equal(["Invitation for invited@example.com revoked."], Said);
        Assert.Empty(await App.Services.GetRequiredService<InvitationService>().ListAsync(root, Cancellation));
    }

    [Fact]
    public async Task The_address_that_the_command_palette_leads_to_asks_who_is_invited_once()
    {
        await LogInAsync(administrator: true);
        var dialogs = Dialogs;
        var page = Open(NexLlm.Dashboard.Components.Urls.PageUrls.Invite);
        dialogs.WaitForElement("#invite-email");

        await AnswerAsync("Cancel");
        page.Render();

        Assert.Empty(dialogs.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task What_is_typed_is_searched_for_when_the_typing_pauses()
    {
        await LogInAsync(administrator: true);
        await App.CreateActorAsync("typed-ada@example.com");
        var page = Open("accounts?q=nobody");

        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync(" typed-a "));
        App.Clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.EndsWith("accounts?q=nobody", Navigation.Uri, StringComparison.Ordinal);
        App.Clock.Advance(TimeSpan.FromMilliseconds(1));

        page.WaitForAssertion(() => Assert.EndsWith("accounts?q=typed-a", Navigation.Uri, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.StartsWith("typed-ada@example.com", Assert.Single(Rows(page)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_is_told_calmly_and_can_be_tried_again()
    {
        var database = new CountedContexts(App.Contexts) { Fails = true };
        Services.AddSingleton(ActivatorUtilities.CreateInstance<AccountList>(App.Services, database));
        await LogInAsync(administrator: true);
        await App.CreateActorAsync("again@example.com");
        Navigation.NavigateTo("accounts?q=again");
        Render<MudPopoverProvider>();
        var page = Render<AccountsPage>();
        page.WaitForAssertion(() => Assert.Equal("Couldn't load accounts", page.Find("[role=alert] h2").TextContent));

        database.Fails = false;
        await ClickAsync(page, "button", "Try again");

        page.WaitForAssertion(() => Assert.StartsWith("again@example.com", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    private new IRenderedComponent<AccountsPage> Open(string address)
    {
        Navigation.NavigateTo(address);
        Render<MudPopoverProvider>();
        var page = Render<AccountsPage>();
        page.WaitForState(() => page.FindAll(".mud-skeleton").Count == 0);
        return page;
    }
}
