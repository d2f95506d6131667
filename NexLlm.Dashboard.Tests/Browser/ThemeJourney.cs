using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class ThemeJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task A_theme_is_chosen_on_any_page_and_kept_on_all()
    {
        var page = (await SignUpAsync("theme")).Page;
        await page.OpenAsync("keys");
        await page.AccountMenu.ClickAsync();
        await page.Button("Dark").ClickAsync();
        await ShowsAsync(page, "dark", "Dark");

        // A static page, without a circuit.
        await page.GotoAsync("account");
        await page.AccountMenu.ClickAsync();
        await ShowsAsync(page, "dark", "Dark");
        await page.Button("Light").ClickAsync();
        await ShowsAsync(page, "light", "Light");

        await page.GetByRole(AriaRole.Link, new() { Name = "Usage" }).ClickAsync();
        await page.InteractiveAsync();
        await page.AccountMenu.ClickAsync();
        await ShowsAsync(page, "light", "Light");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await ShowsAsync(page, "light", "Light");
        await page.Button("System").ClickAsync();
        await ShowsAsync(page, "dark", "System");
    }

    private static async Task ShowsAsync(IPage page, string theme, string choice)
    {
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Theme" }).GetByRole(AriaRole.Button, new() { Pressed = true })).ToHaveAccessibleNameAsync(choice);
    }
}
