using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class CommandPaletteJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task By_keyboard_alone_one_gets_from_any_field_to_a_key_and_Escape_gives_the_focus_back()
    {
        var ada = await SignUpAsync("palette");
        var key = (await App.CreateKeyAsync(await ActorAsync(ada), "production-app")).Key;
        var page = ada.Page;
        await page.OpenAsync("keys/new");
        var name = page.Field("Name");
        await name.FocusAsync();

        await page.Keyboard.PressAsync("Control+k");
        await Expect(Palette(page)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Modal).ToHaveCountAsync(0);
        await Expect(name).ToBeFocusedAsync();

        await page.OpenAsync("logs");
        await page.Keyboard.PressAsync("Control+k");
        await Expect(Palette(page)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("produ");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading("production-app")).ToBeVisibleAsync();
        Assert.EndsWith($"keys/{key.Id}", page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task It_opens_by_its_button_scrolls_with_the_arrows_and_a_second_press_of_the_keys_opens_no_second_one()
    {
        var page = (await AdministratorAsync("palette-root", new() { ViewportSize = new() { Width = 1440, Height = 500 } })).Page;
        await page.OpenAsync("overview");
        await page.Button("Search…").ClickAsync();
        await Expect(Palette(page)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.Modal).ToHaveCountAsync(1);

        await page.Keyboard.PressAsync("ArrowUp");
        var last = page.GetByRole(AriaRole.Option).Last;
        await Expect(last).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(last).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.GetByRole(AriaRole.Option, new() { Name = "Invite someone" }).ClickAsync();
        await Expect(page.Field("Email")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public Task It_is_accessible_on_a_wide_screen() => LookAsync(1440);

    [BrowserFact]
    public Task It_is_accessible_on_the_narrowest_screen() => LookAsync(320);

    private async Task LookAsync(int width)
    {
        var root = await AdministratorAsync($"palette-{width}", new() { ViewportSize = new() { Width = width, Height = 800 } });
        await App.CreateKeyAsync(await ActorAsync(root), "palette-key-with-quite-a-long-name-that-has-to-be-cut-somewhere");
        var page = root.Page;
        await page.OpenAsync("overview");
        await page.LookInLightAndDarkAsync("palette-button");
        await page.Button("Search…").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("palette");
        // The server's clock stands still, and so does the pause after the typing; an arrow ends it.
        await Palette(page).FillAsync("palette");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Accounts" })).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("palette-found");
        await Palette(page).FillAsync("nothing-at-all");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.GetByText("No results for “nothing-at-all”")).ToBeVisibleAsync();
        await page.LookInLightAndDarkAsync("palette-none");
    }

    private static ILocator Palette(IPage page) => page.GetByRole(AriaRole.Combobox, new() { Name = "Search pages, actions and keys" });
}
