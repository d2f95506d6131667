using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>With the browser's own virtual authenticators. Passkeys belong to a host name, so everything is on localhost.</summary>
public sealed class PasskeyJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private Uri Localhost => new UriBuilder(App.Address) { Host = "localhost" }.Uri;

    [BrowserFact]
    public async Task Two_passkeys_are_added_renamed_and_used_and_one_is_removed()
    {
        var (ada, authenticators) = await PersonAsync("passkeys", isOffered: false);
        var page = ada.Page;
        await page.GotoAsync("account");
        await page.Link("Manage passkeys").ClickAsync();
        await Expect(page.GetByText("No passkeys yet")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("passkeys-none");

        var laptop = await authenticators.AddAsync("internal");
        await page.Button("Add passkey").ClickAsync();
        await Expect(page.GetByText("Passkey added.")).ToBeVisibleAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("Chrome on Linux 2");
        await page.Button("Add passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You already have a passkey here.");
        await page.LookEverywhereAsync("passkeys-again");

        await authenticators.RemoveAsync(laptop);
        await authenticators.AddAsync("usb");
        await page.Field("Name").FillAsync("Blue security key");
        await page.Button("Add passkey").ClickAsync();
        await Expect(page.Heading("Blue security key")).ToBeVisibleAsync();

        await page.Link("Rename Chrome on Linux").ClickAsync();
        await Expect(page.Field("New name")).ToBeFocusedAsync();
        await page.LookEverywhereAsync("passkeys-rename");
        await page.Field("New name").FillAsync("Old laptop");
        await page.Button("Save").ClickAsync();
        await Expect(page.Heading("Old laptop")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("passkeys-two");

        await LogOutAsync(page);
        await page.Button("Log in with a passkey").ClickAsync();
        await page.InteractiveAsync();
        await page.GotoAsync("account/passkeys");
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Blue security key" })).ToContainTextAsync("last used just now");

        await page.Link("Remove Blue security key").ClickAsync();
        await Expect(page.Heading("Remove “Blue security key”?")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("passkeys-remove");
        await page.Button("Remove passkey").ClickAsync();
        await Expect(page.GetByText("Passkey removed.")).ToBeVisibleAsync();
        await Expect(page.Heading("Blue security key")).ToHaveCountAsync(0);

        ada.Foresee("400 (Bad Request)");
        await LogOutAsync(page);
        await page.Button("Log in with a passkey").ClickAsync();
        await Expect(page.GetByText("This passkey didn't work.")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("login-passkey-refused");
    }

    [BrowserFact]
    public async Task A_passkey_that_the_email_field_offers_logs_in_by_itself()
    {
        var (ada, authenticators) = await PersonAsync("autofill");
        await authenticators.AddAsync("internal");
        await ada.Page.GotoAsync("account/passkeys");
        await ada.Page.Button("Add passkey").ClickAsync();
        await Expect(ada.Page.GetByText("Passkey added.")).ToBeVisibleAsync();

        // The virtual authenticator chooses at once what a person would choose from the field's list.
        await LogOutAsync(ada.Page);

        await ada.Page.InteractiveAsync();
        await Expect(ada.Page.Locator(".account-email")).ToHaveTextAsync(ada.Email);
    }

    [BrowserFact]
    public async Task Whoever_cancels_is_told_and_logs_in_the_other_way()
    {
        var (ada, authenticators) = await PersonAsync("cancels", isOffered: false);
        var page = ada.Page;
        await authenticators.AddAsync("usb", isUserVerified: false);
        await page.GotoAsync("account/passkeys");
        await page.Button("Add passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was added.");

        await LogOutAsync(page);
        await page.Button("Log in with a passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used.");
        await page.LookEverywhereAsync("login-passkey-cancelled");
        await page.LogInAsync(ada.Email, Password);
        await page.InteractiveAsync();
    }

    [BrowserFact]
    public async Task At_an_ip_address_the_pages_lead_to_where_passkeys_work()
    {
        var page = (await VisitorAsync(address: new UriBuilder(App.Address) { Host = "127.0.0.1" }.Uri)).Page;
        await page.GotoAsync("account/login");
        await Expect(page.Button("Log in with a passkey")).ToHaveCountAsync(0);
        await page.LookEverywhereAsync("login-ip-address");
        await page.Link($"{Localhost}account/login").ClickAsync();
        await Expect(page.Button("Log in with a passkey")).ToBeVisibleAsync();
    }

    /// <param name="isOffered">Whether the browser offers passkeys in fields: a virtual authenticator then chooses one before anybody can press a button.</param>
    private async Task<(Profile Person, Authenticators Authenticators)> PersonAsync(string name, bool isOffered = true)
    {
        var person = await VisitorAsync(address: Localhost);
        if (!isOffered)
        {
            await person.Context.AddInitScriptAsync("if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        }

        var cdp = await person.Context.NewCDPSessionAsync(person.Page);
        await cdp.SendAsync("WebAuthn.enable");
        await person.SignUpAsync($"{name}@example.com");
        return (person, new Authenticators(cdp));
    }

    private static async Task LogOutAsync(IPage page)
    {
        await page.GotoAsync("account");
        await page.Main.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "API keys keep working" })
            .GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
    }

    private sealed class Authenticators(ICDPSession cdp)
    {
        /// <param name="transport">Such as <c>internal</c> for what is built into a device, <c>usb</c> for a security key.</param>
        /// <param name="isUserVerified">Whether it recognises its person.</param>
        public async Task<string> AddAsync(string transport, bool isUserVerified = true)
        {
            var added = await cdp.SendAsync("WebAuthn.addVirtualAuthenticator", new()
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = transport,
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = isUserVerified,
                    ["automaticPresenceSimulation"] = true,
                },
            });
            return added!.Value.GetProperty("authenticatorId").GetString()!;
        }

        public async Task RemoveAsync(string id) => await cdp.SendAsync("WebAuthn.removeVirtualAuthenticator", new() { ["authenticatorId"] = id });
    }
}
