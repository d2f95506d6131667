using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Components.Overview;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Components.Overview;

/// <summary>Each test has an application of its own: an administrator sees what concerns everybody.</summary>
public sealed class OverviewPageTests : ListPageTests, IAsyncDisposable
{
    public OverviewPageTests()
        : base(new NexLlmApp())
    {
    }

    [Fact]
    public async Task Who_is_new_reads_what_is_missing_and_how_to_begin()
    {
        LogIn(await App.CreateActorAsync(tokenLimit: 0));

        var page = OpenOverview();

        Assert.Equal("Critical 1 critical issue", OneLine(page.Find(".headline").TextContent));
        Assert.StartsWith("Critical: Your account has no quota yet", Items(page)[0], StringComparison.Ordinal);
        Assert.Equal("You don't have any API keys yet", page.Find(".empty-state h2").TextContent);
        Assert.Equal("keys/new", Named(page, "a", "Create API Key").GetAttribute("href"));
        Assert.Empty(page.FindAll(".stat-tiles"));
        Assert.Empty(page.FindComponents<ScopeToggle>());
        Assert.Contains("Nothing expires or runs out soon.", Section(page, "out"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_used_and_refused_shows_within_fifteen_seconds()
    {
        var owner = await App.CreateActorAsync(tokenLimit: null);
        LogIn(owner);
        var created = await App.CreateKeyAsync(owner, "production-app");
        var page = OpenOverview();
        Assert.Equal("OK All systems operational", OneLine(page.Find(".headline").TextContent));

        await App.Reserve(await App.LiveAsync(created), 10, 10).SettleAsync(3, 4);
        App.AddLine(TimeSpan.Zero, line => line with { AccountId = created.Key.OwnerId, KeyId = created.Key.Id, Status = 403, Code = "model_not_allowed" });
        await App.FlushAsync();
        await App.LogWriter.FlushAsync();
        App.Clock.Advance(TimeSpan.FromSeconds(15));

        page.WaitForAssertion(() => Assert.Equal("1", Value(page, "Accepted requests")));
        Assert.Equal(("7", "1"), (Value(page, "Charged tokens"), Value(page, "Rejected requests")));
        Assert.Contains("3 input · 4 output", page.Markup, StringComparison.Ordinal);
        Assert.Equal("1 accepted and 1 rejected requests. Busiest hour: 12:00 with 2.", page.Find("[role=img]").GetAttribute("aria-label"));
        Assert.Equal("Needs attention 1 item needs attention", OneLine(page.Find(".headline").TextContent));
        Assert.Equal(
            ["model_not_allowed", "1", "This API key is not allowed to use this model."],
            page.FindAll("section[aria-labelledby=refused] li > *").Select(part => part.TextContent));
        Assert.Equal("usage?days=1", Named(page, "a", "View usage").GetAttribute("href"));
    }

    [Fact]
    public async Task An_administrator_sees_whose_quota_ends_and_what_everybody_used()
    {
        var owner = await App.CreateActorAsync("ada@example.com", tokenLimit: null);
        var key = (await App.CreateKeyAsync(owner, "production-app", policy => policy with { TokenLimit = 1_000 })).Key;
        App.Clock.Advance(TimeSpan.FromDays(8));
        await App.ImportAsync(TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-1), input: 350, output: 0));
        await LogInAsync(administrator: true);

        var page = OpenOverview();

        Assert.Equal("350", Value(page, "Charged tokens"));
        Assert.Equal("usage?days=1", Named(page, "a", "View usage for all accounts").GetAttribute("href"));
        Assert.Equal(
            ["production-app · ada@example.com", "650 left", "Quota runs out on 22 Mar"],
            page.FindAll("section[aria-labelledby=out] li .row > *, section[aria-labelledby=out] li .when").Select(part => OneLine(part.TextContent)));
        Assert.Contains(Items(page), item => item.StartsWith("No backup yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_things_that_end_the_first_are_shown_and_the_others_counted()
    {
        var owner = await App.CreateActorAsync(tokenLimit: null);
        LogIn(owner);
        for (var i = 1; i <= 9; i++)
        {
            var ends = App.Clock.GetUtcNow().AddHours(10 * i);
            await App.CreateKeyAsync(owner, $"key-{i}", policy => policy with { Expiration = new(ends) });
        }

        var page = OpenOverview();

        Assert.Equal(["key-1", "key-2", "key-3", "key-4", "key-5", "key-6"], page.FindAll("section[aria-labelledby=out] li a").Select(a => a.TextContent));
        Assert.Contains("3 more", Section(page, "out"), StringComparison.Ordinal);
        Assert.Contains("9 keys expire within 7 days. View keys", Items(page));
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_called_in_order()
    {
        var database = new CountedContexts(App.Contexts);
        Services.AddSingleton(ActivatorUtilities.CreateInstance<UsageForecast>(App.Services, database));
        LogIn(await App.CreateActorAsync(tokenLimit: null));
        var page = OpenOverview();

        database.Fails = true;
        App.Clock.Advance(TimeSpan.FromSeconds(15));
        page.WaitForAssertion(() => Assert.Equal("Couldn't load the overview", page.Find("[role=alert] h2").TextContent));
        Assert.Equal("", page.Find(".headline").TextContent.Trim());

        database.Fails = false;
        await ClickAsync(page, "button", "Try again");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=alert]")));
    }

    [Fact]
    public async Task An_administrator_chooses_between_everybody_and_the_own_keys_and_the_choice_is_kept()
    {
        var owner = await App.CreateActorAsync("ada@example.com", tokenLimit: null);
        var key = (await App.CreateKeyAsync(owner, "production-app", policy => policy with { TokenLimit = 1_000 })).Key;
        App.Clock.Advance(TimeSpan.FromDays(8));
        await App.ImportAsync(TestUsage.Charge(key, App.Clock.GetUtcNow().AddHours(-1), input: 350, output: 0));
        App.AddLine(TimeSpan.FromMinutes(1), line => line with { AccountId = key.OwnerId, KeyId = key.Id, Status = 403, Code = "model_not_allowed" });
        await App.LogWriter.FlushAsync();
        await LogInAsync(administrator: true);
        var page = OpenOverview();
        Assert.Contains("production-app", Section(page, "out"), StringComparison.Ordinal);

        await ClickAsync(page, "[role=radio]", "My keys");

        Assert.EndsWith("overview?of=mine", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("0", Value(page, "Charged tokens")));
        Assert.DoesNotContain("production-app", Section(page, "out"), StringComparison.Ordinal);
        Assert.DoesNotContain("model_not_allowed", Section(page, "refused"), StringComparison.Ordinal);
        Navigation.NavigateTo("overview");
        Assert.Equal("0", Value(OpenOverview(), "Charged tokens"));

        await ClickAsync(page, "[role=radio]", "All accounts");

        page.WaitForAssertion(() => Assert.Equal("350", Value(page, "Charged tokens")));
    }

    [Fact]
    public async Task The_first_steps_of_an_installation_go_when_they_are_done_or_dismissed_and_come_back_by_undo()
    {
        await LogInAsync(administrator: true);
        var page = OpenOverview();
        Assert.Contains("0 of 5 done", Section(page, "first-steps"), StringComparison.Ordinal);
        Assert.Equal(
            ["channels/new", "keys/new", "keys", "accounts"],
            page.FindAll("section[aria-labelledby=first-steps] li a").Select(a => a.GetAttribute("href")));

        await App.CreateKeyAsync(await App.CreateActorAsync(), "production-app");
        App.Clock.Advance(TimeSpan.FromSeconds(15));
        page.WaitForAssertion(() => Assert.Contains("2 of 5 done", Section(page, "first-steps"), StringComparison.Ordinal));

        await ClickAsync(page, "button", "Dismiss the checklist");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("section[aria-labelledby=first-steps]")));
        Assert.Equal(["Checklist dismissed."], Said);

        await page.InvokeAsync(() => Render<MudSnackbarProvider>().FindAll("button").First(b => b.TextContent.Trim() == "Undo").ClickAsync());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("section[aria-labelledby=first-steps]")));
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await App.DisposeAsync();
    }

    private IRenderedComponent<OverviewPage> OpenOverview()
    {
        var page = Render<OverviewPage>();
        page.WaitForState(() => page.FindAll("section[aria-labelledby=attention]").Count > 0);
        return page;
    }

    private static string[] Items(IRenderedComponent<OverviewPage> page) =>
        [.. page.FindAll("section[aria-labelledby=attention] li").Select(item => OneLine(item.TextContent))];

    private static string Value(IRenderedComponent<OverviewPage> page, string label) =>
        page.FindAll(".stat-tile").Single(tile => tile.QuerySelector("dt")!.TextContent.Trim() == label).QuerySelector(".stat-value")!.TextContent;

    private static string Section(IRenderedComponent<OverviewPage> page, string name) => OneLine(page.Find($"section[aria-labelledby={name}]").TextContent);

    private static string OneLine(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}
