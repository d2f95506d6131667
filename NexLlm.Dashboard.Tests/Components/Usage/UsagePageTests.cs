using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Components.Usage;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Components.Usage;

/// <summary>The figures on the page are compared with the charges.</summary>
public sealed class UsagePageTests : ListPageTests, IClassFixture<NexLlmApp>
{
    public UsagePageTests(NexLlmApp app)
        : base(app)
    {
        Services.AddSingleton(app.Services.GetRequiredService<UsageStatistics>());
    }

    [Fact]
    public async Task The_page_says_to_the_last_digit_what_the_charges_add_up_to()
    {
        var (_, charges) = await UsedAsync();

        var page = OpenUsage("usage?days=30");

        Assert.Equal($"{charges.Sum(c => c.ChargedTokens):N0}", Figure(page, "Charged tokens"));
        Assert.Equal($"{charges.Count:N0}", Figure(page, "Requests"));
        Assert.Equal($"{charges.Sum(c => c.InputTokens):N0}", Figure(page, "Input tokens"));
        Assert.Equal($"{charges.Sum(c => c.OutputTokens):N0}", Figure(page, "Output tokens"));
        foreach (var day in charges.GroupBy(c => c.SettledAt!.Value.Date))
        {
            var row = page.FindAll("details tbody tr").Single(r => r.QuerySelector("th")!.TextContent == day.Key.ToString("d MMM", System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal($"{day.Sum(c => c.ChargedTokens):N0}", row.QuerySelector("td:last-child")!.TextContent);
        }
    }

    [Fact]
    public async Task The_chart_stacks_what_the_address_asks_for_and_the_legend_names_it()
    {
        var (key, _) = await UsedAsync();

        Assert.Equal(["model-0", "model-1"], Legend(OpenUsage("usage?days=30")).Order());
        Assert.Equal([key.Name], Legend(OpenUsage("usage?days=30&by=key")));
    }

    [Fact]
    public async Task Each_choice_leads_to_an_address_and_those_made_are_marked()
    {
        await UsedAsync();
        var popovers = Render<MudPopoverProvider>();

        var page = OpenUsage("usage?days=30&by=key&show=requests&step=hour");

        Assert.Equal("30d", page.Find("[role=radio][aria-checked=true]").TextContent);
        Assert.Equal(["Requests", "Key", "Hour"], page.FindAll(".choices input").Select(i => i.GetAttribute("value")));
        await ChooseAsync(page, popovers, "Metric", "Output tokens");
        Assert.EndsWith("usage?days=30&step=hour&by=key&show=output", Navigation.Uri, StringComparison.Ordinal);
        await ChooseAsync(page, popovers, "Group by", "Model");
        Assert.EndsWith("usage?days=30&step=hour&show=output", Navigation.Uri, StringComparison.Ordinal);
        await ChooseAsync(page, popovers, "Interval", "Day");
        Assert.EndsWith("usage?days=30&show=output", Navigation.Uri, StringComparison.Ordinal);
        await ClickAsync(page, "[role=radio]", "Last month");
        Assert.EndsWith("usage?days=last-month&show=output", Navigation.Uri, StringComparison.Ordinal);
        await ClickAsync(page, "[role=radio]", "7d");
        Assert.EndsWith("usage?show=output", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_of_the_legend_leads_to_its_series_alone_and_back()
    {
        var (_, charges) = await UsedAsync();
        var page = OpenUsage("usage?days=30");
        var entry = page.FindAll(".legend a").Single(a => a.TextContent.Trim() == "model-1");
        Assert.Equal("usage?days=30&only=model-1", entry.GetAttribute("href"));
        Assert.Null(entry.GetAttribute("aria-current"));

        page = OpenUsage("usage?days=30&only=model-1");

        var chart = Assert.Single(page.FindComponent<MudChart<double>>().Instance.ChartSeries);
        Assert.Equal("model-1", chart.Name);
        Assert.Equal(charges.Where(c => c.Model == "model-1").Sum(c => c.ChargedTokens), chart.Data.Values.Sum());
        Assert.Equal("Charged tokens by day: model-1", page.Find("#over-time").TextContent);
        entry = page.FindAll(".legend a").Single(a => a.GetAttribute("aria-current") == "true");
        Assert.Equal(("model-1", "usage?days=30"), (entry.TextContent.Trim(), entry.GetAttribute("href")));
        // What is not charted still counts.
        Assert.Equal($"{charges.Sum(c => c.ChargedTokens):N0}", Figure(page, "Charged tokens"));
    }

    [Fact]
    public async Task Five_keys_are_told_apart_and_the_others_are_one()
    {
        var actor = await LogInAsync();
        for (var i = 1; i <= 7; i++)
        {
            await App.ImportAsync(TestUsage.Charge((await App.CreateKeyAsync(actor, $"key-{i}")).Key, App.Clock.GetUtcNow().AddHours(-1), input: 100 * i, output: 0));
        }

        var page = OpenUsage("usage?by=key");

        Assert.Equal(["key-7", "key-6", "key-5", "key-4", "key-3", "Others"], Legend(page));
        var table = page.FindAll(".shares")[1];
        Assert.Equal(["key-7", "key-6", "key-5", "key-4", "key-3", "Others"], table.QuerySelectorAll("tbody td:first-child").Select(td => td.TextContent.Trim()));
        await page.InvokeAsync(() => page.FindAll(".shares")[1].QuerySelectorAll("th button").Single(b => b.TextContent.Trim() == "Charged tokens").Click());
        Assert.Equal(
            ["key-3", "key-4", "key-5", "key-6", "key-7", "Others"], page.FindAll(".shares")[1].QuerySelectorAll("tbody td:first-child").Select(td => td.TextContent.Trim()));
    }

    [Fact]
    public async Task Each_figure_says_how_it_has_changed_since_the_period_before()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "production-app")).Key;
        var now = App.Clock.GetUtcNow();
        await App.ImportAsync(
            TestUsage.Charge(key, now.AddHours(-1), input: 150, output: 0),
            TestUsage.Charge(key, now.AddHours(-30), input: 200, output: 0), TestUsage.Charge(key, now.AddHours(-31), input: 0, output: 0));

        var page = OpenUsage("usage?days=1");

        Assert.Equal("Down 25% vs previous 24 hours", Note(page, "Input tokens"));
        Assert.Equal("Down 50% vs previous 24 hours", Note(page, "Requests"));
        Assert.Equal("Nothing in the previous 24 hours", Note(page, "Output tokens"));
    }

    [Fact]
    public async Task A_range_of_ones_own_takes_two_dates_and_says_what_is_wrong_with_them()
    {
        await UsedAsync();
        Render<MudPopoverProvider>();
        var page = OpenUsage("usage");

        await DatesAsync(page, "20 Feb 2040", "10 Feb 2040");
        Assert.Contains("The end date must be after the start date.", page.Find(".tools").TextContent, StringComparison.Ordinal);
        await DatesAsync(page, "20 Feb 2040", "10 Dec 2040");
        Assert.Contains("Choose a range of up to 92 days.", page.Find(".tools").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("usage", Navigation.Uri, StringComparison.Ordinal);
        await DatesAsync(page, "20 Feb 2040", "22 Feb 2040");
        Assert.EndsWith("usage?from=2040-02-20&to=2040-02-22", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_sees_everybodys_use_or_the_own_as_last_chosen()
    {
        var somebody = await App.CreateActorAsync();
        await UsedAsync(somebody);
        await LogInAsync(administrator: true);
        var page = OpenUsage("usage?days=30");
        Assert.Equal("Tokens and requests across all accounts", page.Find(".page-text").TextContent);

        await ClickAsync(page, "[role=radio]", "My keys");

        Assert.EndsWith("usage?days=30&of=mine", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("0", Figure(OpenUsage("usage?days=30"), "Requests"));
        Assert.NotEqual("0", Figure(OpenUsage("usage?days=30&of=all"), "Requests"));
        Assert.NotEqual("0", Figure(OpenUsage("usage?days=30"), "Requests"));
    }

    [Fact]
    public async Task Who_used_nothing_is_told_so()
    {
        await LogInAsync();

        Assert.Contains(OpenUsage("usage").FindAll("h2"), h => h.TextContent == "No usage in this period");
    }

    [Fact]
    public async Task Others_use_is_for_administrators_and_no_page_at_all_for_anybody_else()
    {
        var (key, _) = await UsedAsync();
        foreach (var address in (string[])["usage?of=all", $"usage?of={key.OwnerId + 1}"])
        {
            Navigation.NavigateTo(address);
            Assert.True(Navigation.History.Count > 0);
            var found = true;
            Navigation.OnNotFound += (_, _) => found = false;
            var page = Render<UsagePage>();
            page.WaitForState(() => !found);
            Assert.Empty(page.FindAll(".figures"));
            Assert.DoesNotContain("All accounts", page.Markup, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_administrator_sees_everybodys_keys_with_their_owners()
    {
        var somebody = await App.CreateActorAsync();
        // Of all keys and accounts here the one that used most, since only the first few are named.
        var (key, _) = await UsedAsync(somebody, scale: 100);
        var owner = await App.Services.GetRequiredService<AccountService>().GetAsync(somebody, Cancellation);
        await LogInAsync(administrator: true);

        var page = OpenUsage("usage?days=30&of=all&by=key");

        Assert.Contains(page.FindAll(".shares a"), a => a.TextContent == key.Name && a.GetAttribute("href") == $"keys/{key.Id}");
        Assert.Contains(page.FindAll(".shares a"), a => a.TextContent == owner.Email && a.GetAttribute("href") == $"usage?days=30&by=key&of={owner.Id}");
    }

    [Fact]
    public async Task Keys_of_one_name_are_told_apart_by_their_owners()
    {
        var names = new List<string>();
        foreach (var _ in (int[])[1, 2])
        {
            var somebody = await App.CreateActorAsync();
            var key = (await App.CreateKeyAsync(somebody, "production-app")).Key;
            await App.ImportAsync(TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-1), input: 100_000_000_000));
            names.Add($"production-app ({(await App.Services.GetRequiredService<AccountService>().GetAsync(somebody, Cancellation)).Email})");
        }

        await LogInAsync(administrator: true);
        var page = OpenUsage("usage?of=all&by=key");

        Assert.Equal(names.Order(), Legend(page).Take(2).Order());
        Assert.Equal(names.Order(), page.FindAll("details thead th").Skip(1).Take(2).Select(th => th.TextContent).Order());
    }

    [Theory]
    [InlineData("usage", "From 24 Feb 2040, 00:00 to now, Asia/Kathmandu time. Averages include idle time.")]
    [InlineData("usage?from=2040-01-30&to=2040-01-31", "From 30 Jan 2040, 00:00 to 1 Feb 2040, 00:00, Asia/Kathmandu time. Averages include idle time.")]
    [InlineData("usage?from=2040-04-10&to=2040-04-12", "This period starts 10 Apr 2040, 00:00, Asia/Kathmandu time.")]
    public async Task The_page_says_which_time_its_figures_are_of(string address, string sentence)
    {
        await LogInAsync(zone: "Asia/Kathmandu");

        Assert.Equal(sentence, OpenUsage(address).Find(".figures + p").TextContent);
    }

    [Fact]
    public async Task Billions_of_tokens_are_drawn_with_few_lines()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "enormous")).Key;
        await App.ImportAsync(TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-1), input: 37_123_456_789, output: 0));

        var page = OpenUsage("usage");

        var chart = page.FindComponent<MudChart<double>>().Instance;
        var options = Assert.IsType<StackedBarChartOptions>(chart.ChartOptions);
        Assert.Equal(["10B", "20B"], new[] { 1, 2 }.Select(line => options.YAxisToStringFunc!(line * options.YAxisTicks)));
        Assert.Equal(37_123.456789, chart.ChartSeries.Single().Data.Values.Max());
        var tip = Render(chart.TooltipTemplate!((new SvgPath { LabelXValue = chart.ChartLabels[^1] }, "")));
        Assert.Contains("37,123,456,789 total", tip.Find(".tip").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_used_meanwhile_shows_at_most_every_five_seconds()
    {
        var actor = await LogInAsync();
        var key = await App.LiveAsync(await App.CreateKeyAsync(actor, "production"));
        var page = OpenUsage("usage?days=1");

        await ChargeAsync(3, 4);
        page.WaitForAssertion(() => Assert.Equal("7", Figure(page, "Charged tokens")));
        await ChargeAsync(1, 1);
        App.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("7", Figure(page, "Charged tokens"));
        App.Clock.Advance(TimeSpan.FromSeconds(0.2));
        page.WaitForAssertion(() => Assert.Equal("9", Figure(page, "Charged tokens")));

        // Until the page has heard of it, which subscribed before.
        async Task ChargeAsync(long input, long output)
        {
            var heard = new TaskCompletionSource();
            using var subscription = App.Services.GetRequiredService<KeyChanges>().Subscribe(change => heard.TrySetResult());
            await App.Reserve(key, 10, 10).SettleAsync(input, output);
            await App.FlushAsync();
            await heard.Task;
        }
    }

    /// <summary>The owner, or else whoever is logged in by this, with a key that was used on some days of this month, of two models.</summary>
    private async Task<(KeyDetails Key, List<Charge> Charges)> UsedAsync(Actor? owner = null, int scale = 1)
    {
        owner ??= await LogInAsync();
        var key = (await App.CreateKeyAsync(owner, $"key-{Guid.NewGuid():N}")).Key;
        List<Charge> charges = [.. Enumerable.Range(0, 40).Select(i => TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-11 * i), $"model-{i % 2}", scale * (1_000 + i), scale * 7 * i))];
        await App.ImportAsync(charges);
        return (key, charges);
    }

    private IRenderedComponent<UsagePage> OpenUsage(string address)
    {
        Navigation.NavigateTo(address);
        var page = Render<UsagePage>();
        page.WaitForState(() => page.FindAll(".figures").Count > 0);
        page.OpenTable();
        return page;
    }

    private static async Task DatesAsync(IRenderedComponent<UsagePage> page, string first, string final)
    {
        await page.InvokeAsync(() => page.FindAll(".tools input")[0].ChangeAsync(first));
        await page.InvokeAsync(() => page.FindAll(".tools input")[1].ChangeAsync(final));
    }

    private static async Task ChooseAsync(IRenderedComponent<UsagePage> page, IRenderedComponent<MudPopoverProvider> popovers, string select, string option)
    {
        await page.InvokeAsync(() => page.FindAll(".choices .mud-input-control").Single(c => c.QuerySelector("input")!.GetAttribute("aria-label") == select).MouseDownAsync(new()));
        popovers.WaitForState(() => popovers.FindAll(".mud-list-item").Count > 0);
        await popovers.InvokeAsync(() => popovers.FindAll(".mud-list-item").Single(o => o.TextContent.Trim() == option).ClickAsync(new()));
    }

    /// <summary>How a figure has changed.</summary>
    private static string Note(IRenderedComponent<UsagePage> page, string label) =>
        string.Join(' ', Tile(page, label).QuerySelector(".stat-note")!.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    private static AngleSharp.Dom.IElement Tile(IRenderedComponent<UsagePage> page, string label) =>
        page.FindAll(".figures > div").Single(f => f.QuerySelector("dt")!.TextContent.Trim() == label);

    /// <summary>To the last digit, as hovering says it.</summary>
    private static string? Figure(IRenderedComponent<UsagePage> page, string label) =>
        Tile(page, label).QuerySelector("dd")!.GetAttribute("title");

    private static IEnumerable<string> Legend(IRenderedComponent<UsagePage> page) => page.FindAll(".legend li").Select(li => li.TextContent.Trim());
}
