using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What the list shows stands in its address.</summary>
public sealed class ListAddressJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Search_filter_order_and_page_survive_reload_back_forward_and_a_copied_address()
    {
        var ada = await SignUpAsync("filters");
        var actor = await ActorAsync(ada);
        var ids = new List<long>();
        for (var i = 10; i < 70; i++)
        {
            ids.Add((await App.CreateKeyAsync(actor, $"{(i % 2 == 0 ? "prod" : "test")}-{i}")).Key.Id);
        }

        await App.Keys.SetEnabledAsync(actor, ids, enabled: false, TestContext.Current.CancellationToken);
        await App.CreateKeyAsync(actor, "prod-active");
        var page = ada.Page;
        await page.OpenAsync("keys");
        await page.Link("Disabled 60").ClickAsync();
        await page.Search("Search by name or key").FillAsync("prod");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("1–25 of 30")).ToBeVisibleAsync();
        await page.Link("Name").ClickAsync();
        await Expect(page.KeyRow("prod-10")).ToBeVisibleAsync();
        await page.Link("Next page").ClickAsync();
        await ShowsLastFiveAsync(page);
        await page.LookAsync("list-filtered");

        await page.ReloadAsync();
        await ShowsLastFiveAsync(page);
        await ShowsLastFiveAsync(await ada.NewTabAsync(page.Url));
        await page.GoBackAsync();
        await Expect(page.KeyRow("prod-10")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToHaveAttributeAsync("aria-sort", "none");
        await page.GoForwardAsync();
        await page.GoForwardAsync();
        await ShowsLastFiveAsync(page);

        await page.Link("All 31").ClickAsync();
        await Expect(page.KeyRow("prod-active")).ToBeHiddenAsync();
        await page.Search("Search by name or key").FillAsync("prod-a");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.KeyRow("prod-active")).ToContainTextAsync("Active");
        await page.Search("Search by name or key").FillAsync("100%");
        await page.Keyboard.PressAsync("Enter");
        await page.Link("Clear filters").ClickAsync();
        await Expect(page.Search("Search by name or key")).ToHaveValueAsync("");
        await Expect(page.GetByText("1–25 of 61")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_pasted_secret_finds_its_key_and_reaches_no_address()
    {
        var ada = await SignUpAsync("pasted");
        var actor = await ActorAsync(ada);
        var made = await App.CreateKeyAsync(actor, "production-app");
        await App.CreateKeyAsync(actor, "dev-testing");
        var secret = made.Secret.Reveal();
        var asked = new List<string>();
        ada.Context.Request += (_, request) => asked.Add(request.Url);
        ada.Page.FrameNavigated += (_, frame) => asked.Add(frame.Url);
        var page = ada.Page;
        await page.OpenAsync("keys");
        await page.Search("Search by name or key").FillAsync($"Bearer {secret}");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("Showing only the pasted key.")).ToBeVisibleAsync();
        await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();
        await Expect(page.KeyRow("dev-testing")).ToBeHiddenAsync();
        await Expect(page.Search("Search by name or key")).ToHaveValueAsync("");
        Assert.EndsWith($"keys?id={made.Key.Id}", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();
        await page.Link("Show all keys").ClickAsync();
        await Expect(page.KeyRow("dev-testing")).ToBeVisibleAsync();
        Assert.NotEmpty(asked);
        Assert.DoesNotContain(asked, url => url.Contains("sk-", StringComparison.Ordinal));
        Assert.DoesNotContain(secret, App.Logs.Text, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_search_field_and_the_sort_field_are_in_line()
    {
        var ada = await SignUpAsync("in-line");
        await App.CreateKeyAsync(await ActorAsync(ada), "any");
        var page = ada.Page;
        await page.SetViewportSizeAsync(1_000, 800);
        await page.OpenAsync("keys");

        var search = await page.Locator(".list-toolbar .search .mud-input").BoundingBoxAsync();
        var sort = await page.Locator(".list-toolbar .mud-select .mud-input").BoundingBoxAsync();

        Assert.Equal((search!.Y, search.Height), (sort!.Y, sort.Height));
    }

    private static async Task ShowsLastFiveAsync(IPage page)
    {
        await Expect(page.KeyRow("prod-68")).ToBeVisibleAsync();
        await Expect(page.GetByText("5 of 30")).ToBeVisibleAsync();
        await Expect(page.Search("Search by name or key")).ToHaveValueAsync("prod");
        await Expect(page.Link("Disabled 30")).ToHaveAttributeAsync("aria-current", "true");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToHaveAttributeAsync("aria-sort", "ascending");
    }
}
