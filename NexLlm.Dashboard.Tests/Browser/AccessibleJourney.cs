using Microsoft.Playwright;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>Every page of keys in every state; those of accounts are in <see cref="AccountJourney"/>.</summary>
public sealed class AccessibleJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public Task On_a_wide_screen_in_light_and_dark() => WalkAsync(1280);

    [BrowserFact]
    public Task On_the_narrowest_screen_in_light_and_dark() => WalkAsync(320);

    [BrowserFact]
    public async Task What_is_wrong_in_light_or_only_in_dark_would_be_found()
    {
        var page = (await SignUpAsync("wrong")).Page;
        await page.EvaluateAsync("document.querySelector('h1').style.color = '#111'");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.AxeAsync();
        Assert.Contains("color-contrast", (await Assert.ThrowsAnyAsync<Exception>(() => page.LookInLightAndDarkAsync("wrong"))).Message, StringComparison.Ordinal);

        await page.EvaluateAsync("document.documentElement.removeAttribute('lang')");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.Contains("html-has-lang", (await Assert.ThrowsAnyAsync<Exception>(page.AxeAsync)).Message, StringComparison.Ordinal);
    }

    private async Task WalkAsync(int width)
    {
        var ada = await SignUpAsync($"walker-{width}", new() { ViewportSize = new() { Width = width, Height = 800 } });
        ada.Foresee("404 (Not Found)");
        var page = ada.Page;
        await page.LookInLightAndDarkAsync("list-empty");
        await WalkWizardAsync();
        await WalkListAsync(await ArrangeAsync(await ActorAsync(ada)));
        foreach (var (path, name) in new[] { ("nowhere", "not-found"), ("error", "error") })
        {
            await page.GotoAsync(path);
            await page.LookInLightAndDarkAsync(name);
        }

        async Task WalkWizardAsync()
        {
            await page.OpenAsync("keys/new");
            await page.Button("Continue").ClickAsync();
            await Expect(page.Field("Name")).ToHaveAttributeAsync("aria-invalid", "true");
            await page.LookInLightAndDarkAsync("wizard-4-wrong");
            await page.Field("Name").FillAsync("production-app");
            await page.Button("Continue").ClickAsync();
            await page.AtStepAsync("Configure optional settings");
            await page.LookInLightAndDarkAsync("wizard-5");
            await page.Field("Expiration").FillAsync("yesterday");
            await page.Field("Remaining Quota").FillAsync("1.5");
            await page.Combobox("Model Restrictions").FillAsync("small");
            await page.GetByRole(AriaRole.Option, new() { Name = "nexllm-echo-small" }).ClickAsync();
            await Expect(page.Button("Remove nexllm-echo-small")).ToBeVisibleAsync();
            await page.Field("IP Allowlist").FillAsync("10.0.0.1/8");
            await page.Button("Continue").ClickAsync();
            await Expect(page.Field("IP Allowlist")).ToHaveAttributeAsync("aria-invalid", "true");
            await page.LookInLightAndDarkAsync("wizard-5-wrong");
            await page.Field("Expiration").FillAsync("2040-12-31");
            await page.Field("Remaining Quota").FillAsync("1.5M");
            await page.Field("IP Allowlist").FillAsync("203.0.113.7");
            await page.LookInLightAndDarkAsync("wizard-5-warned");
            await page.Button("Continue").ClickAsync();
            await page.AtStepAsync("Save the key");
            await page.LookInLightAndDarkAsync("wizard-6");
            await page.Button("Save changes").ClickAsync();
            await page.AtStepAsync("Copy and store your key");
            await page.Button("Show").ClickAsync();
            await page.LookInLightAndDarkAsync("wizard-7");
            await page.Box("I have stored this key").CheckAsync();
            await page.Button("Done").ClickAsync();
        }

        async Task WalkListAsync(long full)
        {
            await page.OpenAsync("keys");
            await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();
            await Expect(page.Link("All 5")).ToBeVisibleAsync();
            await page.LookInLightAndDarkAsync("list");
            var menu = page.Button("Menu");
            if (await menu.IsVisibleAsync())
            {
                await menu.ClickAsync();
                await Expect(page.Link("Recently deleted")).ToBeVisibleAsync();
                await page.LookInLightAndDarkAsync("menu");
                await page.Keyboard.PressAsync("Escape");
                await Expect(page.Link("Recently deleted")).ToBeHiddenAsync();
            }
            await page.Box("Select production-app").CheckAsync();
            await Expect(page.Group("Selected keys")).ToBeVisibleAsync();
            await page.LookInLightAndDarkAsync("list-selected");
            await page.Button("Delete production-app").ClickAsync();
            await Expect(page.Button("Cancel")).ToBeFocusedAsync();
            await page.LookInLightAndDarkAsync("list-delete");
            await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
            await Expect(page.Button("Undo")).ToBeVisibleAsync();
            await page.LookInLightAndDarkAsync("list-undo");
            await page.OpenAsync("keys?q=nothing-has-this-name");
            await Expect(page.Heading("No matching keys")).ToBeVisibleAsync();
            await page.LookInLightAndDarkAsync("list-no-matches");
            await page.OpenAsync("keys/deleted");
            await Expect(page.Button("Restore production-app")).ToBeVisibleAsync();
            await page.LookInLightAndDarkAsync("deleted");
            await page.OpenAsync($"keys/{full}/edit");
            await page.GetByText("Set limit").ClickAsync();
            await page.Field("New limit in tokens").FillAsync("none");
            await page.Button("Save changes").ClickAsync();
            await Expect(page.Field("New limit in tokens")).ToHaveAttributeAsync("aria-invalid", "true");
            await page.LookInLightAndDarkAsync("edit-wrong");
        }
    }

    /// <summary>A key of every status beside the one that the wizard made; answers with one that is half used.</summary>
    private async Task<long> ArrangeAsync(Actor actor)
    {
        var token = TestContext.Current.CancellationToken;
        var soon = await App.CreateKeyAsync(actor, "expires-soon-and-its-name-is-as-long-as-the-name-of-a-key-may-be", p => p with { Expiration = new Expiration(App.Clock.GetUtcNow().AddDays(2)) });
        var spent = await App.CreateKeyAsync(actor, "spent", p => p with { TokenLimit = 1000 });
        var used = await App.CreateKeyAsync(actor, "half-used", p => p with { TokenLimit = 5_000_000 });
        var off = await App.CreateKeyAsync(actor, "switched-off");
        await App.UseKeyAsync(spent.Key.Id, 1000);
        await App.UseKeyAsync(used.Key.Id, 3_760_000);
        await App.Keys.SetEnabledAsync(actor, [off.Key.Id], enabled: false, token);
        Assert.Equal("Active", soon.Key.StatusAt(App.Clock.GetUtcNow()).ToString());
        return used.Key.Id;
    }
}
