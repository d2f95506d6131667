using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
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

        var page = OpenUsage("usage?days=29");

        Assert.Equal($"{charges.Sum(c => c.ChargedTokens):N0}", Figure(page, "Charged tokens"));
        Assert.Equal($"{charges.Count:N0}", Figure(page, "Requests"));
        Assert.Equal($"{charges.Sum(c => c.InputTokens):N0}", Figure(page, "Input tokens"));
        Assert.Equal($"{charges.Sum(c => c.OutputTokens):N0}", Figure(page, "Output tokens"));
        foreach (var day in charges.GroupBy(c => c.SettledAt!.Value.Date))
        {
            var row = page.FindAll("tbody tr").Single(r => r.QuerySelector("th")!.TextContent == day.Key.ToString("d MMM", System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal($"{day.Sum(c => c.ChargedTokens):N0}", row.QuerySelector("td:last-child")!.TextContent);
        }
    }

    [Fact]
    public async Task The_chart_stacks_what_the_address_asks_for_and_the_legend_names_it()
    {
        var (key, _) = await UsedAsync();

        Assert.Equal(["model-0", "model-1"], Legend(OpenUsage("usage?days=29")).Order());
        Assert.Equal([key.Name], Legend(OpenUsage("usage?days=29&by=key")));
    }

    [Fact]
    public async Task Each_choice_is_a_link_and_those_made_are_marked()
    {
        await UsedAsync();

        var page = OpenUsage("usage?days=14&by=key&show=requests&step=hour");

        Assert.Equal(["14 days", "By hour", "By key", "Requests"], page.FindAll(".chip[aria-current=true]").Select(c => c.TextContent));
        Assert.Equal("usage?days=14&step=hour&by=key&show=output", Named(page, "a", "Output tokens").GetAttribute("href"));
        Assert.Equal("usage?by=key&show=requests", Named(page, "a", "7 days").GetAttribute("href"));
    }

    [Fact]
    public async Task A_range_of_ones_own_takes_two_dates_and_says_what_is_wrong_with_them()
    {
        await UsedAsync();
        var page = OpenUsage("usage");

        await DateAsync(page, 0, "2040-02-20");
        await DateAsync(page, 1, "2040-02-10");
        Assert.Equal("The end date must be after the start date.", page.Find("[role=alert]").TextContent);
        await DateAsync(page, 1, "2040-12-10");
        Assert.Equal("Choose a range of up to 92 days.", page.Find("[role=alert]").TextContent);
        Assert.EndsWith("usage", Navigation.Uri, StringComparison.Ordinal);
        await DateAsync(page, 1, "2040-02-22");
        Assert.EndsWith("usage?from=2040-02-20&to=2040-02-22", Navigation.Uri, StringComparison.Ordinal);
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
            Assert.DoesNotContain(page.FindAll("a"), a => a.TextContent == "All accounts");
        }
    }

    [Fact]
    public async Task An_administrator_sees_everybodys_keys_with_their_owners()
    {
        var somebody = await App.CreateActorAsync();
        var (key, _) = await UsedAsync(somebody);
        var owner = await App.Services.GetRequiredService<AccountService>().GetAsync(somebody, Cancellation);
        await LogInAsync(administrator: true);

        var page = OpenUsage("usage?days=29&of=all&by=key");

        Assert.Contains(page.FindAll(".shares a"), a => a.TextContent == key.Name && a.GetAttribute("href") == $"keys/{key.Id}");
        Assert.Contains(page.FindAll(".shares a"), a => a.TextContent == owner.Email && a.GetAttribute("href") == $"usage?days=29&by=key&of={owner.Id}");
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
        Assert.Equal(names.Order(), page.FindAll("thead th").Skip(1).Take(2).Select(th => th.TextContent).Order());
    }

    [Theory]
    [InlineData("usage", "From 24 Feb 2040, 00:00 to now, Asia/Kathmandu time. Averages include idle time.")]
    [InlineData("usage?from=2040-01-30&to=2040-01-31", "From 30 Jan 2040, 00:00 to 1 Feb 2040, 00:00, Asia/Kathmandu time. Averages include idle time.")]
    [InlineData("usage?from=2040-04-10&to=2040-04-12", "This period starts 10 Apr 2040, 00:00, Asia/Kathmandu time.")]
    public async Task The_page_says_which_time_its_figures_are_of(string address, string sentence)
    {
        await LogInAsync(zone: "Asia/Kathmandu");

        Assert.Equal(sentence, OpenUsage(address).Find(".when").TextContent);
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
        Assert.Equal("37,123.456789M", chart.ChartSeries.Single().Data.Values.Max().ToString(chart.ChartSeries.Single().TooltipYValueFormat, System.Globalization.CultureInfo.InvariantCulture));
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
    private async Task<(KeyDetails Key, List<Charge> Charges)> UsedAsync(Actor? owner = null)
    {
        owner ??= await LogInAsync();
        var key = (await App.CreateKeyAsync(owner, $"key-{Guid.NewGuid():N}")).Key;
        List<Charge> charges = [.. Enumerable.Range(0, 40).Select(i => TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-11 * i), $"model-{i % 2}", 1_000 + i, 7 * i))];
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

    private static Task DateAsync(IRenderedComponent<UsagePage> page, int place, string date) =>
        page.InvokeAsync(() => page.FindAll("input[type=date]")[place].ChangeAsync(date));

    /// <summary>To the last digit, as hovering says it.</summary>
    private static string? Figure(IRenderedComponent<UsagePage> page, string label) =>
        page.FindAll(".figures > div").Single(f => f.QuerySelector("dt")!.TextContent == label).QuerySelector("dd")!.GetAttribute("title");

    private static IEnumerable<string> Legend(IRenderedComponent<UsagePage> page) => page.FindAll(".legend li").Select(li => li.TextContent.Trim());
}
