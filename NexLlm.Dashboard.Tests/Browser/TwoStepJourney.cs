using Microsoft.Playwright;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>Two-step verification from its set-up to its reset, and the question whether it is still the same person.</summary>
public sealed class TwoStepJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Somebody_sets_it_up_logs_in_with_a_code_and_once_with_a_recovery_code()
    {
        var person = await SignUpAsync("two-step");
        person.Foresee("400 (Bad Request)");
        person.Foresee("403 (Forbidden)");
        var page = person.Page;
        await page.GotoAsync("account/two-step");
        await page.LookEverywhereAsync("two-step-off");
        await page.Link("Set up").ClickAsync();
        await page.LookEverywhereAsync("two-step-setup");
        var key = await page.Locator("#setup-key").TextContentAsync();
        await page.Field("Code that the app shows").FillAsync("000");
        await page.Button("Turn on").ClickAsync();
        await Expect(page.Field("Code that the app shows")).ToBeFocusedAsync();
        await page.LookEverywhereAsync("two-step-setup-refused");
        await Expect(page.Locator("#setup-key")).ToHaveTextAsync(key!);
        await page.Field("Code that the app shows").FillAsync(CodeOf(key!));
        await page.Button("Turn on").ClickAsync();
        await Expect(page.Heading("Save your recovery codes")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("two-step-codes");
        var codes = await page.GetByRole(AriaRole.List, new() { Name = "Recovery codes" }).GetByRole(AriaRole.Listitem).AllInnerTextsAsync();
        Assert.Equal(RecoveryCodes.Count, codes.Count);
        var download = await page.RunAndWaitForDownloadAsync(() => page.Button("Download").ClickAsync());
        var file = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.All(codes, code => Assert.Contains(code, file, StringComparison.Ordinal));
        await page.Link("I've saved them").ClickAsync();
        await Expect(page.GetByText("On. Logging in asks for a code from your phone.")).ToBeVisibleAsync();
        await page.GotoAsync("account/two-step");
        await Expect(page.GetByText("10 left.")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("two-step-on");

        var elsewhere = await VisitorAsync();
        elsewhere.Foresee("400 (Bad Request)");
        var there = elsewhere.Page;
        await elsewhere.LogInAsync(person.Email);
        await Expect(there.Heading("Two-step verification")).ToBeVisibleAsync();
        await there.LookEverywhereAsync("second-factor");
        await there.Field("Code").FillAsync(CodeOf(key!));
        await there.Button("Log in").ClickAsync();
        await Expect(there.Field("Code")).ToHaveAccessibleDescriptionAsync("Incorrect or used code. Enter the current code.");
        await there.LookEverywhereAsync("second-factor-refused");
        App.Clock.Advance(TimeSpan.FromSeconds(30));
        await there.Field("Code").FillAsync(CodeOf(key!));
        await there.Box("Remember this browser for 30 days").CheckAsync();
        await there.Button("Log in").ClickAsync();
        await there.InteractiveAsync();

        // It is remembered, and asks for nothing but the password.
        await LogOutAsync(there);
        await elsewhere.LogInAsync(person.Email);
        await there.InteractiveAsync();

        await LogOutAsync(page);
        await person.LogInAsync(person.Email);
        await page.Link("Use a recovery code instead").ClickAsync();
        await page.LookEverywhereAsync("second-factor-recovery");
        await page.Field("Recovery code").FillAsync(codes[0]);
        await page.Button("Log in").ClickAsync();
        await Expect(page.GetByText("Logged in with a recovery code.")).ToBeVisibleAsync();
        await Expect(page.GetByText("9 left.")).ToBeVisibleAsync();
        await LogOutAsync(page);
        await person.LogInAsync(person.Email);
        await page.Link("Use a recovery code instead").ClickAsync();
        await page.Field("Recovery code").FillAsync(codes[0]);
        await page.Button("Log in").ClickAsync();
        await Expect(page.Field("Recovery code")).ToHaveAccessibleDescriptionAsync("Incorrect or used recovery code. Try another one.");
        await page.Field("Recovery code").FillAsync(codes[1]);
        await page.Button("Log in").ClickAsync();

        await page.Link("Turn off").ClickAsync();
        await page.LookEverywhereAsync("two-step-turn-off");
        App.Clock.Advance(TimeSpan.FromMinutes(6));
        await page.Button("Turn off").ClickAsync();
        await Expect(page.Heading("Confirm it's you")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("confirm");
        await page.Field("Password").FillAsync(Password);
        await page.Button("Confirm").ClickAsync();
        await page.Button("Turn off").ClickAsync();
        await Expect(page.GetByText("Two-step verification turned off.")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Before_what_is_critical_a_dialog_asks_who_it_is_and_then_it_is_done()
    {
        var root = await AdministratorAsync("confirming");
        var member = await SignUpAsync("promoted");
        App.Clock.Advance(TimeSpan.FromMinutes(6));
        var page = root.Page;
        await page.OpenAsync($"accounts/{(await ActorAsync(member)).AccountId}");
        await page.Button("Make administrator").ClickAsync();
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Make administrator", Exact = true }).ClickAsync();
        await Expect(page.Field("Password")).ToBeFocusedAsync();
        await page.LookEverywhereAsync("confirm-dialog");
        await page.Field("Password").FillAsync("not my password at all");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Incorrect password.")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("confirm-dialog-refused");
        await page.Field("Password").FillAsync(Password);
        await page.Button("Confirm").ClickAsync();
        await Expect(page.GetByText("Administrator added.")).ToBeVisibleAsync();
        await Expect(page.Modal).ToHaveCountAsync(0);

        App.Clock.Advance(TimeSpan.FromMinutes(6));
        await page.OpenAsync("channels/new");
        await page.Field("Name").FillAsync("confirmed-channel");
        await page.Field("Base URL").FillAsync("http://localhost:9/v1");
        await page.GetByLabel("Provider key", new() { Exact = true }).FillAsync("sk-provider");
        await page.Field("Add a model").FillAsync("m");
        await page.Button("Add model").ClickAsync();
        await page.Button("Create channel").ClickAsync();
        await page.Field("Password").FillAsync(Password);
        await page.Button("Confirm").ClickAsync();
        await Expect(page.GetByText("New channel created.")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task An_administrator_resets_a_lost_phone_and_the_person_is_told()
    {
        var root = await AdministratorAsync("helping");
        var person = await SignUpAsync("lost-phone");
        await App.TurnOnTwoStepAsync(await ActorAsync(person));
        var page = root.Page;
        await page.OpenAsync($"accounts/{(await ActorAsync(person)).AccountId}");
        await page.LookEverywhereAsync("account-with-factors");
        await page.Button("Reset two-step verification").ClickAsync();
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Reset two-step verification", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Two-step verification and passkeys reset. All sessions ended.")).ToBeVisibleAsync();
        await Expect(page.Button("Reset two-step verification")).ToHaveCountAsync(0);

        await Expect(person.Page.Heading("Log in")).ToBeVisibleAsync();
        await person.LogInAsync(person.Email);
        await person.Page.InteractiveAsync();
        await person.Page.GotoAsync("account");
        await Expect(person.Page.GetByText("An administrator reset your two-step verification and passkeys")).ToBeVisibleAsync();
        await person.Page.LookEverywhereAsync("account-factors-reset");
    }

    private string CodeOf(string key) => Authenticator.CodeOf(key, App.Clock.GetUtcNow());

    private static async Task LogOutAsync(IPage page)
    {
        await page.GotoAsync("account");
        await page.Main.GetByRole(AriaRole.Button, new() { Name = "Log out", Exact = true }).First.ClickAsync();
        await Expect(page.Heading("Log in")).ToBeVisibleAsync();
    }
}

/// <summary>Where the operator requires a second factor of administrators.</summary>
public sealed class RequiredFactorJourney(Chromium chromium, RequiredFactorJourney.StrictApp app)
    : Journey(chromium, app), IClassFixture<RequiredFactorJourney.StrictApp>
{
    [BrowserFact]
    public async Task A_new_administrator_sets_it_up_first_and_then_goes_on()
    {
        var root = await SignUpAsync("strict");
        await using (var db = await App.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            await TestAccounts.MakeAdministratorAsync(db, (await ActorAsync(root)).AccountId!.Value);
        }

        var page = root.Page;
        await page.GotoAsync("accounts");
        await Expect(page.GetByText("Two-step verification is required for your account.")).ToBeVisibleAsync();
        await page.LookEverywhereAsync("two-step-required");
        await page.GotoAsync("account");
        await page.LookEverywhereAsync("account-two-step-required");
        await page.GotoAsync("account/two-step");
        await page.Link("Set up").ClickAsync();
        var key = await page.Locator("#setup-key").TextContentAsync();
        await page.Field("Code that the app shows").FillAsync(Authenticator.CodeOf(key!, App.Clock.GetUtcNow()));
        await page.Button("Turn on").ClickAsync();
        await page.Link("I've saved them").ClickAsync();
        await page.InteractiveAsync();
        await page.OpenAsync("accounts");
        await Expect(page.Heading("Accounts")).ToBeVisibleAsync();
    }

    public sealed class StrictApp : NexLlmApp
    {
        public StrictApp() => Settings["Accounts:SecondFactor"] = "Administrators";
    }
}
