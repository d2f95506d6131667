using Microsoft.Playwright;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>The seven documented steps, from the log-in to a key that is stored.</summary>
public sealed class SevenStepsJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private static readonly BrowserNewContextOptions _withClipboard =
        new() { Permissions = ["clipboard-read", "clipboard-write"], TimezoneId = "Europe/Berlin" };

    [BrowserFact]
    public async Task With_every_option_set_the_key_is_what_was_chosen()
    {
        var ada = await SignUpAsync("every-option", _withClipboard);
        var page = ada.Page;
        await page.Link("Create API Key").ClickAsync();
        await page.Field("Name").FillAsync("  production-app ");
        await page.Field("Name").PressAsync("Enter");

        await page.AtStepAsync("Configure optional settings");
        await page.Field("Expiration").FillAsync("2040-12-31");
        await Expect(page.GetByText("Stops working on Tuesday 1 January 2041, 00:00:00 (Europe/Berlin), which is Monday 31 December 2040, 23:00:00 UTC.")).ToBeVisibleAsync();
        await page.Field("Remaining Quota").FillAsync("1.5M");
        await Expect(page.Switch("Unlimited Quota")).Not.ToBeCheckedAsync();
        await page.Button("Choose models").ClickAsync();
        await page.Search("Search models").FillAsync("small");
        await page.Box("nexllm-echo-small").CheckAsync();
        await page.Button("Add my current IP").ClickAsync();
        await page.Field("IP Allowlist").PressSequentiallyAsync("\n2001:db8::/32");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Group" }).SelectOptionAsync(new SelectOptionValue { Index = 0 });
        await page.LookAsync("wizard-5-every-option");
        await page.Button("Continue").ClickAsync();

        await page.AtStepAsync("Save the key");
        await Expect(page.GetByRole(AriaRole.Definition)).ToContainTextAsync(
        [
            "production-app", "Edit", "Stops working on Tuesday 1 January 2041", "Edit", "1.5 million tokens", "Edit", "Off", "Edit",
            "nexllm-echo-small", "Edit", "127.0.0.1, 2001:db8::/32", "Edit", "default ×1.0", "Edit",
        ]);
        await page.LookAsync("wizard-6-every-option");
        await page.Button("Save changes").ClickAsync();

        var secret = await StoreAsync(page);
        var row = page.KeyRow("production-app");
        await Expect(row).ToContainTextAsync("Active");
        await Expect(row).ToContainTextAsync("1.5M left of 1.5M");
        await Expect(row).ToContainTextAsync("31 Dec");
        await page.LookAsync("list-one-key");

        var key = await App.Keys.RecogniseAsync(await ActorAsync(ada), secret, TestContext.Current.CancellationToken);
        Assert.Equal("production-app", key!.Name);
        var expected = new KeyPolicy(
            new Expiration(new DateTimeOffset(2040, 12, 31, 23, 0, 0, TimeSpan.Zero)),
            1_500_000,
            ModelRestriction.TryParse(["nexllm-echo-small"], out var models, out _) ? models : throw new InvalidOperationException(),
            IpAllowlist.TryParse("127.0.0.1, 2001:db8::/32", out var ips, out _) ? ips : throw new InvalidOperationException(),
            await App.DefaultGroupAsync());
        Assert.Equal(expected, key.Policy);
    }

    [BrowserFact]
    public async Task With_no_option_set_the_key_is_unrestricted()
    {
        var ada = await SignUpAsync("no-option", _withClipboard);
        await ada.Page.NameKeyAsync("dev-testing");
        await ada.Page.Button("Continue").ClickAsync();
        await ada.Page.AtStepAsync("Save the key");
        await ada.Page.Button("Save changes").ClickAsync();

        var secret = await StoreAsync(ada.Page);
        await Expect(ada.Page.KeyRow("dev-testing").GetByRole(AriaRole.Cell)).ToContainTextAsync(
            ["", "dev-testing", "Active", "Unlimited", "default ×1.0", "All", "Any", "Just now", "Never", "Never", ""]);
        var key = await App.Keys.RecogniseAsync(await ActorAsync(ada), secret, TestContext.Current.CancellationToken);
        Assert.Equal(KeyPolicy.Unrestricted(await App.DefaultGroupAsync()), key!.Policy);
    }

    [BrowserFact]
    public async Task A_key_and_the_login_that_made_it_survive_a_restart()
    {
        using var folder = new TemporaryFolder();
        Profile ada;
        await using (var before = new NexLlmApp { LastingFolder = folder })
        {
            ada = await VisitorAsync(_withClipboard, before.Address);
            await ada.SignUpAsync("ada@example.com");
            await ada.Page.NameKeyAsync("dev-testing");
            await ada.Page.Button("Continue").ClickAsync();
            await ada.Page.Button("Save changes").ClickAsync();
            await StoreAsync(ada.Page);
            await ada.Page.CloseAsync();
        }

        await using var after = new NexLlmApp { LastingFolder = folder };
        var page = await ada.NewTabAsync(new Uri(after.Address, "keys").ToString());
        await Expect(page.KeyRow("dev-testing")).ToContainTextAsync("Active");
        await page.CloseAsync();
    }

    /// <summary>Step 7: copies the secret, as the clipboard then has it, and goes on to the list.</summary>
    private static async Task<string> StoreAsync(IPage page)
    {
        await page.AtStepAsync("Copy and store your key");
        await Expect(page.Box("I have stored this key")).Not.ToBeCheckedAsync();
        await Expect(page.Button("Done")).ToBeDisabledAsync();
        await page.LookAsync("wizard-7");
        await page.Button("Copy").ClickAsync();
        await Expect(page.Box("I have stored this key")).ToBeCheckedAsync();
        var secret = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.True(KeySecret.TryParse(secret, out _));
        await page.Button("Done").ClickAsync();
        await Expect(page.Heading("API Keys")).ToBeVisibleAsync();
        return secret;
    }
}
