using Microsoft.Playwright;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>The seven documented steps, from the log-in to a key that is stored.</summary>
public sealed class SevenStepsJourney(Chromium chromium, SevenStepsJourney.TwoGroupsApp app) : Journey(chromium, app), IClassFixture<SevenStepsJourney.TwoGroupsApp>
{
    private static readonly BrowserNewContextOptions _withClipboard =
        new() { Permissions = ["clipboard-read", "clipboard-write"], TimezoneId = "Europe/Berlin" };

    [BrowserFact]
    public async Task With_every_option_set_the_key_is_what_was_chosen()
    {
        var ada = await SignUpAsync("every-option", _withClipboard);
        var page = ada.Page;
        await page.Link("Create API Key").First.ClickAsync();
        await page.Field("Name").FillAsync("  production-app ");
        await page.Field("Name").PressAsync("Enter");

        await page.AtStepAsync("Configure optional settings");
        await page.ChooseAsync("Group", "economy · ×0.5 · 2 models");
        await page.Field("Expiration").FillAsync("2040-12-31");
        await Expect(page.GetByText("1 Jan 2041, 00:00:00 Europe/Berlin · 31 Dec 2040, 23:00:00 UTC")).ToBeVisibleAsync();
        await page.Field("Remaining Quota").FillAsync("1.5M");
        await Expect(page.Switch("Unlimited Quota")).Not.ToBeCheckedAsync();
        await page.Combobox("Model Restrictions").FillAsync("small");
        await page.GetByRole(AriaRole.Option, new() { Name = "spare-small" }).ClickAsync();
        await Expect(page.Button("Remove spare-small")).ToBeVisibleAsync();
        await page.Button("Add my current IP").ClickAsync();
        await Expect(page.Field("IP Allowlist")).ToHaveValueAsync("127.0.0.1");
        await page.Field("IP Allowlist").PressSequentiallyAsync("\n2001:db8::/32");
        await page.LookAsync("wizard-5-every-option");
        await page.Button("Continue").ClickAsync();

        await page.AtStepAsync("Save the key");
        await Expect(page.GetByRole(AriaRole.Definition)).ToContainTextAsync(
        [
            "production-app", "Edit", "1 Jan 2041, 00:00:00 Europe/Berlin", "Edit", "1.5 million tokens", "Edit", "Disabled", "Edit",
            "spare-small", "Edit", "127.0.0.1, 2001:db8::/32", "Edit", "economy ×0.5", "Edit",
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
            ModelRestriction.TryParse(["spare-small"], out var models, out _) ? models : throw new InvalidOperationException(),
            IpAllowlist.TryParse("127.0.0.1, 2001:db8::/32", out var ips, out _) ? ips : throw new InvalidOperationException(),
            key.Policy.GroupId);
        Assert.Equal((expected, "economy"), (key.Policy, key.GroupName));
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
            ["", "dev-testing", "Active", "Unlimited", "default ×1.0", "All", "Any", "Never", "Never", ""]);
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

    public sealed class TwoGroupsApp : NexLlmApp
    {
        public TwoGroupsApp()
        {
            Settings["Provisioning:Groups:0:Name"] = "economy";
            Settings["Provisioning:Groups:0:Ratio"] = "0.5";
            Settings["Provisioning:Channels:0:Name"] = "spare";
            Settings["Provisioning:Channels:0:Type"] = "OpenAI";
            Settings["Provisioning:Channels:0:BaseUrl"] = "https://upstream.example/v1";
            Settings["Provisioning:Channels:0:Models:0"] = "spare-large";
            Settings["Provisioning:Channels:0:Models:1"] = "spare-small";
            Settings["Provisioning:Channels:0:Groups:0"] = "economy";
        }
    }
}
