using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Components.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.Components.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Audit;

public sealed class HistoryPageTests(NexLlmApp app) : AdministrationPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task An_owner_reads_what_happened_in_plain_words()
    {
        var ada = await LogInAsync();
        var root = await App.CreateActorAsync(administrator: true);
        var key = (await App.CreateKeyAsync(ada, "production")).Key;
        await App.Keys.EditAsync(ada, new EditKey(key.Id, key.Version, Quota: new QuotaChange.SetLimit(5_000_000)), Cancellation);
        await App.Keys.SetEnabledAsync(root, [key.Id], enabled: false, Cancellation);
        await App.Keys.DeleteAsync(ada, [(await App.CreateKeyAsync(ada, "short-lived")).Key.Id], Cancellation);

        var page = Open("history");

        Assert.Equal(
            [
                "Key deleted | Just now | Youfrom 127.0.0.1 | short-lived (deleted) | ",
                "Key created | Just now | Youfrom 127.0.0.1 | short-lived (deleted) | Name: “short-lived”Group: “default”",
                "Key disabled | Just now | Administrator | production | ",
                "Key edited | Just now | Youfrom 127.0.0.1 | production | Quota: from unlimited to 5,000,000 tokens",
                "Key created | Just now | Youfrom 127.0.0.1 | production | Name: “production”Group: “default”",
            ],
            Rows(page));
        Assert.Empty(page.FindAll("input[type=email]"));
    }

    [Fact]
    public async Task An_administrator_filters_by_account_kind_and_day_and_the_address_keeps_it()
    {
        await LogInAsync(administrator: true);
        var ada = await App.CreateActorAsync("history-ada@example.com");
        await App.CreateKeyAsync(ada, "one");
        var page = Open("history");

        await page.InvokeAsync(() => page.Find("input[type=email]").ChangeAsync("History-Ada@example.com"));
        Assert.EndsWith($"history?account={ada.AccountId}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("history-ada@example.com", page.Find("input[type=email]").GetAttribute("value")));
        Assert.Contains("| one", Assert.Single(Rows(page)), StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find("select").ChangeAsync("key.deleted"));
        Assert.EndsWith($"history?what=key.deleted&account={ada.AccountId}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("No matching events", page.Find("h2").TextContent));
        Assert.True(page.FindAll("option").Single(o => o.TextContent == "Key deleted").HasAttribute("selected"));

        await page.InvokeAsync(() => page.Find("input[type=email]").ChangeAsync("nobody@example.com"));
        Assert.Equal("No account with this email.", page.Find("#account-error").TextContent);

        await page.InvokeAsync(() => page.Find("select").ChangeAsync("log-ins"));
        Assert.EndsWith($"history?what=log-ins&account={ada.AccountId}", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("No matching events", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task What_somebody_did_is_told_from_what_happened_to_them()
    {
        var root = await LogInAsync(administrator: true);
        var ada = await App.CreateActorAsync("part-ada@example.com");
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        await App.Keys.SetEnabledAsync(root, [key.Id], enabled: false, Cancellation);
        var page = Open($"history?account={ada.AccountId}");
        Assert.Equal(["Key disabled", "Key created"], Rows(page).Select(row => row.Split(" | ")[0]));

        await page.InvokeAsync(() => page.FindAll("select")[1].ChangeAsync("Actor"));
        page.WaitForAssertion(() => Assert.StartsWith("Key created", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Assert.EndsWith($"history?account={ada.AccountId}&as=actor", Navigation.Uri, StringComparison.Ordinal);

        Navigation.NavigateTo($"history?account={root.AccountId}&as=actor");
        page.WaitForAssertion(() => Assert.StartsWith("Key disabled | Just now | Youfrom 127.0.0.1 | one (part-ada@example.com)", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Navigation.NavigateTo($"history?account={root.AccountId}&as=subject");
        page.WaitForAssertion(() => Assert.Equal("No matching events", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task What_happened_to_channels_and_groups_is_said_by_their_names_to_administrators_alone()
    {
        var root = await App.CreateActorAsync(administrator: true);
        var channel = await App.CreateChannelAsync(root, settings => settings with { Name = "upstream-a" }, providerKey: "provider-secret");
        await App.CreateGroupAsync(root, "economy", ratioMillionths: 500_000);
        await App.Channels.DeleteAsync(root, channel.Id, Cancellation);
        LogIn(root);

        var rows = Rows(Open("history?what=channels"));

        Assert.Equal(["Channel deleted | Just now | Youfrom 127.0.0.1 | Channel upstream-a | ", "Group created", "Channel created"], [rows[0], .. rows.Skip(1).Select(row => row.Split(" | ")[0])]);
        Assert.Contains("Group economy", rows[1], StringComparison.Ordinal);
        Assert.Contains("Ratio: 0.5", rows[1], StringComparison.Ordinal);
        Assert.Contains("Provider key: set", rows[2], StringComparison.Ordinal);
        Assert.DoesNotContain(rows, row => row.Contains("provider-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_keys_history_says_whose_it_is_and_nothing_of_others()
    {
        var ada = await LogInAsync();
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        await App.CreateKeyAsync(ada, "two");

        var page = Open($"history?key={key.Id}");

        Assert.StartsWith("Key created | Just now | Youfrom 127.0.0.1 | one", Assert.Single(Rows(page)), StringComparison.Ordinal);
        Assert.Equal("Showing events for key one.", OneLine(page.Find(".notice p").TextContent));
        Assert.Equal($"keys/{key.Id}", page.Find(".notice a").GetAttribute("href"));
    }

    [Fact]
    public async Task Fifty_events_are_a_page_and_the_links_lead_on()
    {
        var ada = await LogInAsync();
        var key = (await App.CreateKeyAsync(ada, "one")).Key;
        for (var n = 0; n < 53; n++)
        {
            await App.Keys.SetEnabledAsync(ada, [key.Id], enabled: n % 2 == 1, Cancellation);
        }

        var page = Open("history");
        Assert.Equal(50, Rows(page).Count);
        Navigation.NavigateTo(Named(page, ".key-pager a", "Next page").GetAttribute("href")!);

        page.WaitForAssertion(() => Assert.Equal(4, Rows(page).Count));
        Assert.Null(Named(page, ".key-pager a", "Next page").GetAttribute("href"));
        Assert.Equal("history", Named(page, ".key-pager a", "First page").GetAttribute("href"));
    }

    [Fact]
    public async Task A_failure_is_told_calmly_and_can_be_tried_again()
    {
        var database = new CountedContexts(App.Contexts) { Fails = true };
        Services.AddSingleton(ActivatorUtilities.CreateInstance<ChangeHistory>(App.Services, database));
        await App.CreateKeyAsync(await LogInAsync(), "one");
        Navigation.NavigateTo("history");
        var page = Render<HistoryPage>();
        page.WaitForAssertion(() => Assert.Equal("Couldn't load the history", page.Find("[role=alert] h2").TextContent));

        database.Fails = false;
        await ClickAsync(page, "button", "Try again");

        page.WaitForAssertion(() => Assert.StartsWith("Key created", Assert.Single(Rows(page)), StringComparison.Ordinal));
    }

    private new IRenderedComponent<HistoryPage> Open(string address)
    {
        Navigation.NavigateTo(address);
        var page = Render<HistoryPage>();
        page.WaitForState(() => page.FindAll(".skeleton").Count == 0);
        return page;
    }
}
