using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NexLlm.Dashboard.Demo;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class UsageJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [BrowserFact]
    public Task On_a_wide_screen_in_light_and_dark() => WalkAsync(1440);

    [BrowserFact]
    public Task On_the_narrowest_screen_in_light_and_dark() => WalkAsync(320);

    [BrowserFact]
    public async Task What_is_used_while_the_page_is_open_shows_by_itself()
    {
        var ada = await SignUpAsync("live-usage");
        var actor = await ActorAsync(ada);
        var key = await App.CreateKeyAsync(actor, "production-app");
        await GrantAsync(ada, 1_000);
        var page = ada.Page;
        await page.OpenAsync("usage?days=1");
        await Expect(page.Heading("No usage in this period")).ToBeVisibleAsync();

        await App.Reserve(await App.LiveAsync(key), 10, 10).SettleAsync(3, 4);
        await App.FlushAsync();

        await Expect(page.Heading("Charged tokens by hour")).ToBeVisibleAsync();
        await Expect(page.Locator(".stat-value").First).ToHaveTextAsync("7");
    }

    private async Task WalkAsync(int width)
    {
        var ada = await SignUpAsync($"usage-{width}", new() { ViewportSize = new() { Width = width, Height = 900 }, TimezoneId = "Asia/Kolkata" });
        var actor = await ActorAsync(ada);
        var page = ada.Page;
        await page.OpenAsync("usage");
        await Expect(page.Heading("No usage in this period")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("usage-empty");
        await App.Services.GetRequiredService<DemoData>().FillAsync(actor.AccountId!.Value, 40, seed: 1, cancellation: Cancellation);

        await page.OpenAsync("usage?days=30");
        await Expect(page.Heading("Charged tokens by day")).ToBeVisibleAsync();
        await Expect(page.GetByText("View as table")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("usage-30-days");
        // A bar is a thick line, which has no width that could be aimed at.
        await page.Locator("path.mud-chart-bar").First.DispatchEventAsync("mouseover");
        await Expect(page.Locator(".tip")).ToContainTextAsync("nexllm-echo");
        await Expect(page.Locator(".tip")).ToContainTextAsync("total");
        await page.LookInLightAndDarkAsync("usage-hovered");
        await ChooseAsync(page, "Group by", "Key");
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Legend" })).ToContainTextAsync("Others");
        await ChooseAsync(page, "Metric", "Requests");
        await Expect(page.Heading("Requests by day")).ToBeVisibleAsync();
        await page.GetByText("View as table").ClickAsync();
        await page.LookInLightAndDarkAsync("usage-by-key-table");
        await page.Link("Others").ClickAsync();
        await Expect(page.Heading("Requests by day: Others")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "7d" }).ClickAsync();
        await ChooseAsync(page, "Interval", "Hour");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Requests by hour" })).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("usage.*step=hour.*by=key.*show=requests"));
        await page.LookInLightAndDarkAsync("usage-by-hour");

        var keys = await App.Keys.ListAsync(actor, new KeyQuery(Sort: KeySort.LastUsed), Cancellation);
        await page.OpenAsync("keys?sort=last-used");
        await page.Link(keys.Keys[0].Name).First.ClickAsync();
        await Expect(page.Heading(keys.Keys[0].Name)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Usage" }).ClickAsync();
        await page.Link("30 days").ClickAsync();
        await Expect(page.Link("30 days")).ToHaveAttributeAsync("aria-current", "true");
        await page.LookInLightAndDarkAsync("key-page");
    }

    private static async Task ChooseAsync(IPage page, string select, string option)
    {
        await page.GetByRole(AriaRole.Combobox, new() { Name = select }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = option, Exact = true }).ClickAsync();
    }
}
