using Bunit;
using MudBlazor;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Paging;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class KeyListTests(NexLlmApp app) : ListPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task Who_has_no_keys_is_shown_the_seven_steps_of_the_documentation_and_the_button()
    {
        await LogInAsync();

        var page = Open();

        string[] steps = ["Log in to the dashboard", "Open the API Keys section", "Start a new key", "Name your key", "Configure optional settings", "Save the key", "Copy and store your key"];
        var shown = page.FindAll("ol li").Select(li => li.TextContent).ToList();
        Assert.Equal(7, shown.Count);
        Assert.All(steps.Zip(shown), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Equal("keys/new", Assert.Single(page.FindAll("a"), a => a.TextContent.Contains("Create API Key", StringComparison.Ordinal)).GetAttribute("href"));
        Assert.Empty(page.FindAll("table"));
    }

    [Fact]
    public async Task A_row_says_everything_about_its_key()
    {
        var actor = await LogInAsync();
        var now = App.Clock.GetUtcNow();
        Assert.True(IpAllowlist.TryParse("203.0.113.7\n198.51.100.0/24", out var ips, out _));
        var made = await App.CreateKeyAsync(actor, "production-app", policy => policy with { TokenLimit = 5_000_000, Ips = ips, Expiration = new Expiration(now.AddDays(60)) });
        await App.UseKeyAsync(made.Key.Id, 3_760_000, now.AddHours(-3));

        var page = Open();

        var cells = page.FindAll("tbody td").Select(td => string.Join(' ', td.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal(
            ["", $"production-app {made.Key.DisplayForm}", "Active", "1.24M left of 5M", "default ×1.0", "All", "2", "Just now", "3h ago", "30 Apr", ""], cells);
        Assert.Equal("1 Mar 2040, 09:00:00 UTC", page.Find("td[data-label='Last used'] time").GetAttribute("title"));
        Assert.Equal(made.Key.DisplayForm, Named(page, "button", "Copy key prefix of production-app").GetAttribute("data-copy"));
    }

    [Fact]
    public async Task Every_action_of_a_row_is_called_by_the_name_of_its_key()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "dev-testing")).Key;

        var page = Open();

        foreach (var name in (string[])["Copy key prefix of dev-testing", "More actions for dev-testing", "Delete dev-testing"])
        {
            Named(page, "tbody button", name);
        }

        Named(page, "tbody input", "Select dev-testing");
        Assert.Equal("key-menu", Named(page, "tbody button", "More actions for dev-testing").GetAttribute("popovertarget"));
        await ClickAsync(page, "tbody button", "More actions for dev-testing");
        Assert.Equal("dev-testing", page.Find("#key-menu[popover] > p").TextContent);
        Assert.Equal(
            [("Edit", $"keys/{key.Id}/edit"), ("Usage", $"keys/{key.Id}/usage"), ("Logs", $"keys/{key.Id}/logs"), ("Access check", $"keys/{key.Id}/explain")],
            page.FindAll("#key-menu a").Select(a => (a.TextContent, a.GetAttribute("href")!)));
        Assert.Equal(["Disable", "Delete"], page.FindAll("#key-menu button").Select(b => b.TextContent));
    }

    [Fact]
    public async Task Each_status_is_an_icon_and_a_word()
    {
        var actor = await LogInAsync();
        var now = App.Clock.GetUtcNow();
        await App.CreateKeyAsync(actor, "active");
        await App.Keys.SetEnabledAsync(actor, [(await App.CreateKeyAsync(actor, "disabled")).Key.Id], false, Cancellation);
        await App.CreateKeyAsync(actor, "soon", policy => policy with { Expiration = new Expiration(now.AddDays(7)) });
        await App.UseKeyAsync((await App.CreateKeyAsync(actor, "exhausted", policy => policy with { TokenLimit = 10 })).Key.Id, 10);

        var page = Open("keys?sort=name");

        Assert.Equal(["Active", "Disabled", "Quota exhausted", "Expires soon"], page.FindAll(".status").Select(s => s.TextContent));
        Assert.Equal(["active", "disabled", "exhausted", "soon"], Names(page));
        Assert.All(page.FindAll(".status"), status => Assert.NotNull(status.QuerySelector("svg[aria-hidden=true]")));
    }

    [Theory]
    [InlineData(69, "bar")]
    [InlineData(70, "bar bar-amber")]
    [InlineData(89, "bar bar-amber")]
    [InlineData(90, "bar bar-red")]
    [InlineData(130, "bar bar-red")]
    public async Task The_bar_is_amber_from_70_and_red_from_90_percent_used(long used, string css)
    {
        var actor = await LogInAsync();
        await App.UseKeyAsync((await App.CreateKeyAsync(actor, "k", policy => policy with { TokenLimit = 100 })).Key.Id, used);

        Assert.Equal(css, Open().Find("tbody .bar").GetAttribute("class"));
    }

    [Fact]
    public async Task Chips_count_what_they_show_and_lead_there()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");
        await App.Keys.SetEnabledAsync(actor, [(await App.CreateKeyAsync(actor, "two")).Key.Id], false, Cancellation);

        var page = Open();
        page.WaitForAssertion(() => Assert.Equal("Disabled 1", Chip(page, "Disabled")));
        Assert.Equal(["All 2", "Active 1", "Disabled 1"], page.FindAll(".mud-chip").Select(chip => chip.TextContent.Trim()));

        Navigation.NavigateTo(page.FindAll(".mud-chip").Single(c => c.TextContent.StartsWith("Disabled", StringComparison.Ordinal)).GetAttribute("href")!);

        page.WaitForAssertion(() => Assert.Equal(["two"], Names(page)));
        Assert.StartsWith("Disabled", page.Find(".mud-chip[aria-current=true]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Risks_are_in_a_menu_with_their_counts_and_the_chosen_one_stands_among_the_chips()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "open");
        await App.CreateKeyAsync(actor, "limited", policy => policy with { TokenLimit = 10 });
        var popovers = Render<MudPopoverProvider>();
        var page = Open();

        await ClickAsync(page, "button", "Filters");
        popovers.WaitForElement("[role=menuitem]");
        Assert.Equal(
            [("Never expires 2", "keys?show=never-expires"), ("Unlimited 1", "keys?show=unlimited"), ("Any IP 2", "keys?show=any-ip"), ("Unused 90 days 0", "keys?show=unused")],
            popovers.FindAll("[role=menuitem]").Select(item => (item.TextContent.Trim(), item.GetAttribute("href")!)));
        Navigation.NavigateTo("keys?show=unlimited");

        page.WaitForAssertion(() => Assert.Equal(["open"], Names(page)));
        Assert.Equal("Unlimited 1", page.Find(".mud-chip[aria-current=true]").TextContent.Trim());
    }

    [Theory]
    [InlineData(10_000, "10,000")]
    [InlineData(10_001, "10,000+")]
    public void A_count_past_ten_thousand_is_not_spelt_out(int count, string shown) => Assert.Equal(shown, KeyFilterChip.Count(count));

    [Fact]
    public async Task Nothing_found_is_another_state_than_nothing_there_and_offers_to_clear_the_filters()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");

        var page = Open("keys?q=nowhere&show=disabled");

        Assert.Equal("No matching keys", page.Find("h2").TextContent);
        Assert.Equal("keys", Named(page, "a", "Clear filters").GetAttribute("href"));
        Assert.Empty(page.FindAll("ol li"));
    }

    [Fact]
    public async Task An_address_alone_brings_back_search_filter_order_and_page()
    {
        var actor = await LogInAsync();
        for (var n = 1; n <= 30; n++)
        {
            await App.CreateKeyAsync(actor, $"batch-{n:00}");
        }

        await App.CreateKeyAsync(actor, "other");
        var page = Open("keys?q=batch&show=active&sort=name");
        Assert.Equal("batch-01", Names(page)[0]);
        Navigation.NavigateTo(Named(page, ".key-pager a", "Next page").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal("batch-26", Names(page)[0]));

        var again = Open(Navigation.Uri);

        Assert.Equal(["batch-26", "batch-27", "batch-28", "batch-29", "batch-30"], Names(again));
        Assert.Equal("batch", again.Find("input[type=search]").GetAttribute("value"));
        Assert.Equal("ascending", again.FindAll("th").Single(th => th.TextContent.Trim() == "Name").GetAttribute("aria-sort"));
        Assert.Null(Named(again, ".key-pager a", "Next page").GetAttribute("href"));
        Assert.NotNull(Named(again, ".key-pager a", "First page").GetAttribute("href"));
    }

    [Fact]
    public async Task A_column_orders_by_its_likeliest_end_first_and_then_the_other_way_round()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "b");
        await App.CreateKeyAsync(actor, "a");
        var page = Open();
        Assert.Equal("descending", page.FindAll("th").Single(th => th.TextContent.Trim() == "Created").GetAttribute("aria-sort"));

        Navigation.NavigateTo(Named(page, "th a", "Name").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(["a", "b"], Names(page)));
        Navigation.NavigateTo(Named(page, "th a", "Name").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(["b", "a"], Names(page)));
        Assert.Equal("none", page.FindAll("th").Single(th => th.TextContent.Trim() == "Created").GetAttribute("aria-sort"));
    }

    [Fact]
    public async Task A_page_whose_keys_are_gone_becomes_the_last_page()
    {
        var actor = await LogInAsync();
        var made = await App.CreateKeyAsync(actor, "only");
        var beyond = new KeyListAddress(new() { Cursor = new(PageDirection.After, null, 0, made.Key.Id) });

        var page = Open($"keys{beyond.ToQueryString()}");

        page.WaitForAssertion(() => Assert.Equal(["only"], Names(page)));
        Assert.EndsWith("keys?at=last", Navigation.Uri, StringComparison.Ordinal);
    }

    private static string Chip(IRenderedComponent<KeyList> page, string label) =>
        page.FindAll(".mud-chip").Single(c => c.TextContent.Trim().StartsWith(label + " ", StringComparison.Ordinal)).TextContent.Trim();
}
