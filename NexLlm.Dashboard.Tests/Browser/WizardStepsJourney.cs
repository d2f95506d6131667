using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>Moving between the wizard's steps: by its buttons, however often they are pressed, and by the browser's own.</summary>
public sealed class WizardStepsJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private const string Name = "Name your key";
    private const string Settings = "Configure optional settings";
    private const string Save = "Save the key";

    [BrowserFact]
    public async Task However_often_a_step_is_submitted_before_the_next_one_shows_it_moves_one_step()
    {
        var page = (await SignUpAsync("impatient")).Page;
        await page.Link("Create API Key").First.ClickAsync();
        await page.Field("Name").FillAsync("production-app");

        await RepeatAsync(page.Button("Continue"));
        await page.AtStepAsync(Settings);
        // What the browser sent before has been handled once this has come back.
        await page.Field("IP Allowlist").FillAsync("not an address");
        await page.Field("IP Allowlist").BlurAsync();
        await Expect(page.Field("IP Allowlist")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Heading(Settings)).ToBeVisibleAsync();

        await page.Field("IP Allowlist").FillAsync("");
        await page.Button("Continue").ClickAsync();
        await page.AtStepAsync(Save);
        await RepeatAsync(page.Button("Back"));
        await page.AtStepAsync(Settings);
        await page.Field("IP Allowlist").FillAsync("198.51.100.1");
        await page.Button("Continue").ClickAsync();
        await page.AtStepAsync(Save);
    }

    [BrowserFact]
    public async Task Back_and_Forward_of_the_browser_move_a_step_and_keep_what_was_typed()
    {
        var page = (await SignUpAsync("historian")).Page;
        await page.NameKeyAsync("production-app");
        await page.Field("IP Allowlist").FillAsync("198.51.100.1");
        await page.Button("Continue").ClickAsync();
        await page.AtStepAsync(Save);

        await page.GoBackAsync();
        await page.AtStepAsync(Settings);
        await Expect(page.Field("IP Allowlist")).ToHaveValueAsync("198.51.100.1");
        await page.GoBackAsync();
        await page.AtStepAsync(Name);
        await page.GoForwardAsync();
        await page.AtStepAsync(Settings);
        await page.ReloadAsync();
        await page.InteractiveAsync();
        await Expect(page.Heading(Settings)).ToBeVisibleAsync();
        await Expect(page.Field("IP Allowlist")).ToHaveValueAsync("198.51.100.1");

        await page.GoBackAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("production-app");
        await page.GoBackAsync();
        await Expect(page.Heading("API Keys")).ToBeVisibleAsync();
        await page.GoForwardAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("production-app");

        await page.Link("Cancel").ClickAsync();
        await Expect(page.Heading("API Keys")).ToBeVisibleAsync();
        await page.Link("Create API Key").First.ClickAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("");
    }

    private static async Task RepeatAsync(ILocator button) => await button.EvaluateAsync("button => { for (let i = 0; i < 4; i++) button.click(); }");
}
