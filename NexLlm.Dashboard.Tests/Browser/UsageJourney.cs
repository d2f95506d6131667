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
        await Expect(page.GetByRole(AriaRole.Definition).First).ToHaveTextAsync("7");
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

        await page.OpenAsync("usage?days=29");
        await Expect(page.Heading("Charged tokens by day")).ToBeVisibleAsync();
        await Expect(page.GetByText("View as table")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("usage-29-days");
        // A bar is a thick line, which has no width that could be aimed at.
        await page.Locator("path.mud-chart-bar").First.DispatchEventAsync("mouseover");
        await Expect(page.Locator(".svg-tooltip")).ToContainTextAsync("nexllm-echo");
        await page.LookInLightAndDarkAsync("usage-hovered");
        await page.Link("By key").ClickAsync();
        await Expect(page.Link("By key")).ToHaveAttributeAsync("aria-current", "true");
        await page.Link("Requests").ClickAsync();
        await Expect(page.Heading("Requests by day")).ToBeVisibleAsync();
        await page.GetByText("View as table").ClickAsync();
        await page.LookInLightAndDarkAsync("usage-by-key-table");
        await page.Link("7 days").ClickAsync();
        await page.Link("By hour").ClickAsync();
        await Expect(page.Heading("Requests by hour")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("usage.*step=hour.*by=key.*show=requests"));
        await page.LookInLightAndDarkAsync("usage-by-hour");

        var keys = await App.Keys.ListAsync(actor, new KeyQuery(Sort: KeySort.LastUsed), Cancellation);
        await page.OpenAsync("keys?sort=last-used");
        await page.Link(keys.Keys[0].Name).First.ClickAsync();
        await Expect(page.Heading(keys.Keys[0].Name)).ToBeVisibleAsync();
        await page.Link("29 days").ClickAsync();
        await Expect(page.Link("29 days")).ToHaveAttributeAsync("aria-current", "true");
        await page.LookInLightAndDarkAsync("key-page");
    }
}
