using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What an administrator does to other people's accounts, and what those people see of it.</summary>
public sealed class AdministrationJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Somebody_is_invited_chooses_a_password_and_gets_quota()
    {
        var root = await AdministratorAsync("inviting");
        var page = root.Page;
        await page.OpenAsync("accounts");
        await page.Button("Invite someone").ClickAsync();
        await page.Field("Email").FillAsync("not an address");
        await page.Button("Create invitation").ClickAsync();
        await Expect(page.GetByText("Enter a valid email address, such as ada@example.com.")).ToBeVisibleAsync();
        await page.Field("Email").FillAsync("guest@example.com");
        await page.Field("Overall quota").FillAsync("1.5M");
        await page.Button("Create invitation").ClickAsync();
        var link = await page.Field("One-time link for guest@example.com").InputValueAsync();
        await page.Button("Done").ClickAsync();
        await Expect(page.Button("Revoke invitation for guest@example.com")).ToBeVisibleAsync();
        Assert.DoesNotContain(link.Split('=')[1], await page.ContentAsync(), StringComparison.Ordinal);

        var guest = await VisitorAsync();
        await guest.Page.GotoAsync(link);
        await guest.Page.Field("Password").FillAsync(Password);
        await guest.Page.Button("Create account").ClickAsync();
        await guest.Page.InteractiveAsync();
        await Expect(guest.Page.GetByText("0 of 1.5M tokens used", new() { Exact = true })).ToBeVisibleAsync();

        await page.OpenAsync("accounts?q=guest@example");
        await page.Link("guest@example.com").ClickAsync();
        await page.Field("Tokens to add").FillAsync("500K");
        await page.Button("Change quota").ClickAsync();
        await Expect(page.GetByText("Overall quota set to 2,000,000 tokens.")).ToBeVisibleAsync();
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(guest.Page.GetByText("0 of 2M tokens used", new() { Exact = true })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_disabled_person_s_tabs_lead_to_the_log_in_page_and_an_enabled_one_comes_back()
    {
        var root = await AdministratorAsync("disabling");
        var ada = await SignUpAsync("disabled");
        ada.Foresee("403 (Forbidden)");
        await OpenAccountAsync(root, ada.Email);
        await root.Page.Button("Disable account").ClickAsync();
        await Expect(root.Page.Button("Cancel")).ToBeFocusedAsync();
        await root.Page.Modal.GetByRole(AriaRole.Button, new() { Name = "Disable account", Exact = true }).ClickAsync();
        await Expect(root.Page.GetByText("Account disabled. Its sessions have ended, and requests with its keys are rejected.")).ToBeVisibleAsync();
        await Expect(ada.Page.Heading("Log in")).ToBeVisibleAsync();
        await ada.LogInAsync(ada.Email);
        await Expect(ada.Page.GetByText("This account is disabled. Ask an administrator.")).ToBeVisibleAsync();

        await root.Page.Button("Enable account").ClickAsync();
        await Expect(root.Page.GetByText("Account enabled.")).ToBeVisibleAsync();
        await ada.LogInAsync(ada.Email);
        await ada.Page.InteractiveAsync();
    }

    [BrowserFact]
    public async Task A_forgotten_password_is_reset_by_a_link_that_is_shown_once()
    {
        var root = await AdministratorAsync("resetting");
        var ada = await SignUpAsync("forgetful");
        await OpenAccountAsync(root, ada.Email);
        await root.Page.Button("Reset password").ClickAsync();
        await root.Page.Button("Create link").ClickAsync();
        var field = root.Page.Field($"One-time link for {ada.Email}");
        var link = await field.InputValueAsync();
        await root.Page.Button("Done").ClickAsync();
        await Expect(field).ToHaveCountAsync(0);

        var elsewhere = await VisitorAsync();
        await elsewhere.Page.GotoAsync(link);
        await elsewhere.Page.Field("New password").FillAsync("seven copper kettles singing");
        await elsewhere.Page.Button("Set password").ClickAsync();
        await elsewhere.Page.InteractiveAsync();
        await Expect(ada.Page.Heading("Log in")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_pasted_key_is_found_whoever_s_it_is_and_never_stands_in_an_address()
    {
        var root = await AdministratorAsync("finding");
        var leaked = await App.CreateKeyAsync(await ActorAsync(await SignUpAsync("leaking")), "leaked");
        var asked = new List<string>();
        root.Page.Request += (_, request) => asked.Add(request.Url);
        await root.Page.OpenAsync("accounts");
        root.Foresee("404 (Not Found)");

        await root.Page.Search("Search accounts and keys").FillAsync($"Authorization: Bearer {leaked.Secret.Reveal()}");
        await root.Page.Keyboard.PressAsync("Enter");
        await Expect(root.Page.Heading("leaked")).ToBeVisibleAsync();
        await root.Page.OpenAsync("accounts");
        await root.Page.Search("Search accounts and keys").FillAsync(leaked.Key.DisplayForm);
        await root.Page.Keyboard.PressAsync("Enter");
        await Expect(root.Page.Heading("leaked")).ToBeVisibleAsync();
        Assert.DoesNotContain(asked, url => url.Contains("sk-", StringComparison.Ordinal));

        await root.Page.OpenAsync("accounts");
        await root.Page.Search("Search accounts and keys").FillAsync("eake");
        await root.Page.Keyboard.PressAsync("Enter");
        await root.Page.Link("leaked").ClickAsync();
        await Expect(root.Page.Heading("leaked")).ToBeVisibleAsync();
        // Below its head, the page's activity names the owner too.
        await root.Page.Link("leaking@example.com").First.ClickAsync();
        await Expect(root.Page.Heading("leaking@example.com")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task An_owner_s_page_and_everybody_s_history_are_not_the_administration()
    {
        var ada = await SignUpAsync("owner-only");
        ada.Foresee("404 (Not Found)");
        var id = (await ActorAsync(ada)).AccountId;

        foreach (var path in new[] { "accounts", $"accounts/{id}", "accounts?q=a" })
        {
            await ada.Page.GotoAsync(path);
            await Expect(ada.Page.Heading("Page not found")).ToBeVisibleAsync();
        }

        await ada.Page.OpenAsync("history");
        await Expect(ada.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Account created" })).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText("Administration")).ToHaveCountAsync(0);
    }

    private static async Task OpenAccountAsync(Profile root, string email)
    {
        await root.Page.OpenAsync($"accounts?q={Uri.EscapeDataString(email)}");
        await root.Page.Link(email).ClickAsync();
        await Expect(root.Page.Heading(email)).ToBeVisibleAsync();
    }
}
