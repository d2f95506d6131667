using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class KeyboardOnlyJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    /// <summary>A place that takes more steps than this to reach is not reachable.</summary>
    private const int MostTabs = 40;

    [BrowserFact]
    public async Task From_the_log_in_to_a_stored_key_no_hand_leaves_the_keyboard()
    {
        await SignUpAsync("keyboard");
        var page = (await VisitorAsync(new() { Permissions = ["clipboard-read", "clipboard-write"] })).Page;
        await page.GotoAsync("account/login");
        await TypeAsync(page, page.Field("Email"), "keyboard@example.com");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Field("Password")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Password);
        await page.Keyboard.PressAsync("Enter");

        await page.InteractiveAsync();
        await PressAsync(page, page.Link("Create API Key").First, "Enter");
        await TypeAsync(page, page.Field("Name"), "keyboard-made");
        await page.Keyboard.PressAsync("Enter");

        await page.AtStepAsync("Configure optional settings");
        await TabToAsync(page, page.Button("Never"));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Button("30 days")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Field("Expiration")).ToHaveValueAsync("2040-03-31");
        await TabToAsync(page, page.Button("100K"));
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Button("10M")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Switch("Unlimited Quota")).Not.ToBeCheckedAsync();
        await PressAsync(page, page.Switch("Unlimited Quota"), "Space");
        await Expect(page.Switch("Unlimited Quota")).ToBeCheckedAsync();
        await TypeAsync(page, page.Combobox("Model Restrictions"), "echo");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Button("Remove nexllm-echo")).ToBeVisibleAsync();
        await Expect(page.Combobox("Model Restrictions")).ToBeFocusedAsync();
        await TypeAsync(page, page.Field("IP Allowlist"), "203.0.113.7");
        await PressAsync(page, page.Button("Continue"), "Enter");

        await page.AtStepAsync("Save the key");
        await PressAsync(page, page.Button("Save changes"), "Enter");

        await page.AtStepAsync("Copy and store your key");
        await PressAsync(page, page.Button("Show"), "Space");
        await PressAsync(page, page.Button("Copy"), "Enter");
        await PressAsync(page, page.GetByRole(AriaRole.Tab, new() { Name = "curl" }), "ArrowRight");
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Python" })).ToBeFocusedAsync();
        await Expect(page.Locator(".mud-tabs").GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("from openai import OpenAI");
        await PressAsync(page, page.Button("Done"), "Enter");
        await Expect(page.KeyRow("keyboard-made")).ToContainTextAsync("31 Mar");
        await Expect(page.Heading("API Keys")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Few_stops_lead_through_the_settings_and_Control_Enter_goes_on_from_any_field()
    {
        var page = (await SignUpAsync("few-stops")).Page;
        await page.NameKeyAsync("few-stops");
        var stops = 0;
        while (!await page.Button("Continue").EvaluateAsync<bool>("element => element === document.activeElement"))
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(++stops <= 14, $"Continue is too far away: {await page.EvaluateAsync<string>("document.activeElement.outerHTML")}");
        }

        await page.Field("IP Allowlist").FillAsync("203.0.113.7");
        await page.Field("IP Allowlist").PressAsync("Control+Enter");
        await page.AtStepAsync("Save the key");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.AtStepAsync("Copy and store your key");
        await page.Box("I have stored this key").CheckAsync();
    }

    [BrowserFact]
    public async Task Skip_link_search_key_and_a_delete_work_by_keyboard()
    {
        var ada = await SignUpAsync("shortcuts");
        await App.CreateKeyAsync(await ActorAsync(ada), "production-app");
        var page = ada.Page;
        await page.OpenAsync("keys");
        await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();

        await PressAsync(page, page.Link("Skip to main content"), "Enter");
        await Expect(page.Main).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.Search("Search by name or key")).ToBeFocusedAsync();
        await PressAsync(page, page.Button("Delete production-app"), "Enter");
        await Expect(page.Button("Cancel")).ToBeFocusedAsync();
        await PressAsync(page, page.Modal.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }), "Space");
        await Expect(page.Heading("You don't have any API keys yet")).ToBeVisibleAsync();
        await PressAsync(page, page.Button("Undo"), "Enter");
        // The list hears of changes at most once a second.
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();
    }

    private static async Task PressAsync(IPage page, ILocator target, string key)
    {
        await TabToAsync(page, target);
        await page.Keyboard.PressAsync(key);
    }

    private static async Task TypeAsync(IPage page, ILocator target, string text)
    {
        await TabToAsync(page, target);
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Goes on by Tab until the target has the focus; wherever it stops, it shows where it is.</summary>
    private static async Task TabToAsync(IPage page, ILocator target)
    {
        await Expect(target).ToBeEnabledAsync();
        for (var i = 0; i < MostTabs; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>(ShowsFocus), $"The focus does not show on {await page.EvaluateAsync<string>("document.activeElement.outerHTML")}");
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{target} cannot be reached by Tab.");
    }

    /// <summary>An outline, or the frame of a field that is twice as thick. The browser's own bars draw theirs where a page cannot see it.</summary>
    private const string ShowsFocus = """
        () => {
          const focused = document.activeElement;
          const frame = focused.closest('.mud-input-outlined')?.querySelector('.mud-input-outlined-border');
          // A switch's own box is invisible; its label bears the outline.
          const { outlineStyle, outlineWidth, opacity } = getComputedStyle(focused.closest('.mud-switch, .mud-checkbox, .mud-radio') ?? focused);
          return focused === document.body || (focused.matches(':focus-visible') && opacity > 0
            && ((outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || (frame && parseFloat(getComputedStyle(frame).borderTopWidth) >= 2)));
        }
        """;
}
