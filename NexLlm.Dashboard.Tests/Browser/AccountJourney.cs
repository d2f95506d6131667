using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NexLlm.Dashboard.Accounts.FirstStart;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class AccountJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private static readonly (string Name, BrowserNewContextOptions Options)[] _screens =
    [
        ("light-1440", new() { ViewportSize = new() { Width = 1440, Height = 900 } }),
        ("dark-1440", new() { ViewportSize = new() { Width = 1440, Height = 900 }, ColorScheme = ColorScheme.Dark }),
        ("light-375", new() { ViewportSize = new() { Width = 375, Height = 800 } }),
        ("dark-320", new() { ViewportSize = new() { Width = 320, Height = 640 }, ColorScheme = ColorScheme.Dark }),
    ];

    [BrowserFact]
    public async Task Every_account_page_and_what_goes_wrong_on_it_is_accessible_and_fits_any_screen()
    {
        foreach (var (screen, options) in _screens)
        {
            var person = await VisitorAsync(options);
            person.Foresee("400 (Bad Request)");
            person.Foresee("403 (Forbidden)");
            person.Foresee("429 (Too Many Requests)");
            var page = person.Page;

            await page.GotoAsync("account/setup");
            await LookAtAsync(page, $"account-setup-refused-{screen}");
            await page.GotoAsync($"account/setup?token={App.Services.GetRequiredService<FirstAdministrator>().IssueToken()}");
            await LookAtAsync(page, $"account-setup-{screen}");
            await page.GotoAsync("account/login");
            await LookAtAsync(page, $"account-login-{screen}");
            await page.Field("Email").FillAsync("ada@example.com");
            await page.Button("Continue").ClickAsync();
            await Expect(page.Field("Password")).ToBeFocusedAsync();
            await LookAtAsync(page, $"account-login-password-{screen}");
            await page.Field("Password").FillAsync("wrong umbrella colours");
            await page.Button("Log in").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
            await Expect(page.Field("Email")).ToHaveValueAsync("ada@example.com");
            await Expect(page.Field("Password")).ToHaveValueAsync("");
            await LookAtAsync(page, $"account-login-refused-{screen}");

            await page.GotoAsync("account/register");
            await page.EnterAccountAsync("somebody@example.com", "password1234567");
            await page.Button("Sign up").ClickAsync();
            await Expect(page.Field("Password")).ToBeFocusedAsync();
            await Expect(page.Field("Password")).ToHaveAccessibleDescriptionAsync(new Regex("^This password is too common"));
            await Expect(page.GetByText("This password is too common")).ToHaveCountAsync(1);
            await LookAtAsync(page, $"account-register-refused-{screen}");

            await person.SignUpAsync($"{screen}@example.com");
            await page.GotoAsync("account/password");
            await LookAtAsync(page, $"account-password-{screen}");
            var elsewhere = await VisitorAsync();
            await elsewhere.LogInAsync($"{screen}@example.com");
            await elsewhere.Page.InteractiveAsync();
            await page.GotoAsync("account");
            await LookAtAsync(page, $"account-{screen}");
            await page.GotoAsync("account/too-many-tabs");
            await LookAtAsync(page, $"account-tabs-{screen}");
        }
    }

    [BrowserFact]
    public async Task A_typed_password_can_be_shown_and_is_hidden_again_before_it_is_sent()
    {
        var person = await VisitorAsync();
        var page = person.Page;
        await page.GotoAsync("account/login");
        await page.Field("Email").FillAsync("ada@example.com");
        await page.Button("Continue").ClickAsync();
        var password = page.Locator("input[name='Entry.Password']");
        await password.FillAsync("eleven purple teapots");

        await page.Button("Show password").ClickAsync();
        await Expect(password).ToHaveAttributeAsync("type", "text");
        await Expect(page.Button("Show password")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Button("Show password").ClickAsync();
        await Expect(password).ToHaveAttributeAsync("type", "password");
        await Expect(password).ToHaveValueAsync("eleven purple teapots");
    }

    [BrowserFact]
    public async Task A_new_password_is_counted_while_it_is_typed_and_not_sent_before_it_is_long_enough()
    {
        var page = (await VisitorAsync()).Page;
        await page.GotoAsync("account/register");
        await page.EnterAccountAsync("counted@example.com", "a🙂b😀c");
        await Expect(page.GetByText("5 / 15")).ToBeVisibleAsync();
        await page.EnterAccountAsync("counted@example.com", "too short");
        await Expect(page.GetByText("9 / 15")).ToBeVisibleAsync();

        await page.Button("Sign up").ClickAsync();
        await Expect(page.Field("Password")).ToBeFocusedAsync();
        await Expect(page.Field("Password")).ToHaveValueAsync("too short");

        await page.Field("Password").FillAsync(Password);
        await Expect(page.GetByText($"✓ {Password.Length} characters")).ToBeVisibleAsync();
        await page.Button("Sign up").ClickAsync();
        await page.InteractiveAsync();
    }

    [BrowserFact]
    public async Task Logging_out_leads_every_open_tab_to_the_log_in_page()
    {
        var person = await SignUpAsync("three-tabs");
        var tabs = new[] { person.Page, await person.NewTabAsync("keys"), await person.NewTabAsync("keys/new") };
        foreach (var tab in tabs)
        {
            await tab.InteractiveAsync();
        }

        var last = await person.NewTabAsync("account");
        await last.Button("Log out").ClickAsync();

        foreach (var tab in tabs)
        {
            await Expect(tab.Heading("Log in")).ToBeVisibleAsync();
        }
    }

    [BrowserFact]
    public async Task A_tab_whose_browser_became_somebody_else_loads_afresh_as_that_person()
    {
        var ada = await VisitorAsync();
        await ada.Context.AddInitScriptAsync("""
            const sockets = [];
            window.WebSocket = class extends WebSocket { constructor(...a) { super(...a); sockets.push(this); } };
            window.cutConnections = () => sockets.forEach(s => s.close());
            """);
        await ada.SignUpAsync("swap-ada@example.com");
        var bob = await SignUpAsync("swap-bob");
        ada.Foresee("WebSocket");
        ada.Foresee("Connection disconnected");
        await Expect(ada.Page.Locator(".account-email")).ToHaveTextAsync("swap-ada@example.com");

        // Only the connection is cut; the circuit waits on the server, and the browser comes back with Bob's cookie.
        await ada.Context.AddCookiesAsync((await bob.Context.CookiesAsync()).Select(c => new Cookie
        {
            Name = c.Name,
            Value = c.Value,
            Domain = c.Domain,
            Path = c.Path,
            HttpOnly = c.HttpOnly,
            Secure = c.Secure,
            SameSite = c.SameSite,
        }));
        await ada.Page.EvaluateAsync("cutConnections()");

        await Expect(ada.Page.Locator(".account-email")).ToHaveTextAsync("swap-bob@example.com");
        await Expect(ada.Page.GetByText("swap-ada@example.com")).ToHaveCountAsync(0);
    }

    private static async Task LookAtAsync(IPage page, string name)
    {
        await page.AxeAsync();
        await page.FitsAsync();
        await page.LookAsync(name);
    }
}
