using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class WrongEntriesJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private static readonly (string Entry, string Words)[] _names =
    [
        ("", "Enter a name, such as production-app."),
        ("   ", "Enter a name, such as production-app."),
        (new string('x', 65), "Enter a name of at most 64 characters (currently 65)."),
        ("prod\u200Buction", "Remove line breaks, tabs and invisible characters from the name."),
        ("a\u0007b", "Remove line breaks, tabs and invisible characters from the name."),
        ("Production-App", "You already have a key named “Production-App”. Choose another name."),
    ];

    private static readonly (string Field, string Entry, string Words)[] _settings =
    [
        ("Expiration", "2040-02-29", "Expiration must be today or later."),
        ("Expiration", "2041-02-31", "Enter a date as YYYY-MM-DD, such as 2040-03-01"),
        ("Expiration", "next week", "Enter a date as YYYY-MM-DD, such as 2040-03-01"),
        ("Expiration", "-2", "or leave the field blank."),
        ("Remaining Quota", "0", "Enter at least 1 token. To stop a key, disable it."),
        ("Remaining Quota", "-5", "Enter a whole number of tokens, such as 250000, 1,000,000 or 1.5M."),
        ("Remaining Quota", "1.5", "Enter a whole number of tokens, such as 250000, 1,000,000 or 1.5M."),
        ("Remaining Quota", "99999999999999999999", "Enter at most 1,000,000,000,000,000 tokens, or turn on Unlimited Quota."),
        ("Remaining Quota", "lots", "Enter a whole number of tokens, such as 250000, 1,000,000 or 1.5M."),
        ("Remaining Quota", "1,00", "Use groups of three digits, such as 1,000,000."),
        ("IP Allowlist", "10.0.0.1/8", "\"10.0.0.1/8\" has host bits set. Enter 10.0.0.0/8 or 10.0.0.1."),
        ("IP Allowlist", "203.0.113.7\n010.0.0.1", "Line 2: \"010.0.0.1\" has leading zeros. Enter 10.0.0.1."),
        ("IP Allowlist", "localhost", "\"localhost\" isn't a valid IP address or CIDR range."),
    ];

    [BrowserFact]
    public async Task A_wrong_name_says_how_to_put_it_right_and_leads_nowhere()
    {
        var ada = await SignUpAsync("names");
        await App.CreateKeyAsync(await ActorAsync(ada), "production-app");
        await ada.Page.OpenAsync("keys/new");
        foreach (var (entry, words) in _names)
        {
            await ada.Page.Field("Name").FillAsync(entry);
            await ada.Page.Button("Continue").ClickAsync();
            await RefusedAsync(ada.Page.Field("Name"), words);
            await Expect(ada.Page.Heading("Name your key")).ToBeVisibleAsync();
        }

        await ada.Page.LookAsync("wizard-4-wrong");
        await ada.Page.Field("Name").FillAsync("production-app-2");
        await ada.Page.Button("Continue").ClickAsync();
        await ada.Page.AtStepAsync("Configure optional settings");
    }

    [BrowserFact]
    public async Task A_wrong_setting_says_how_to_put_it_right_and_leads_nowhere()
    {
        var ada = await SignUpAsync("settings");
        await ada.Page.NameKeyAsync("dev-testing");
        foreach (var (name, entry, words) in _settings)
        {
            var field = ada.Page.Field(name);
            await field.FillAsync(entry);
            await ada.Page.Button("Continue").ClickAsync();
            await RefusedAsync(field, words);
            await Expect(ada.Page.Heading("Configure optional settings")).ToBeVisibleAsync();
            await field.FillAsync("");
            await ada.Page.Switch("Unlimited Quota").CheckAsync();
        }

        await ada.Page.Button("Continue").ClickAsync();
        await ada.Page.AtStepAsync("Save the key");
    }

    [BrowserFact]
    public async Task No_step_opens_before_the_one_before_it_is_done()
    {
        var ada = await SignUpAsync("rail");
        await ada.Page.OpenAsync("keys/new");
        var rail = ada.Page.GetByRole(AriaRole.Tab);
        await Expect(rail).ToHaveCountAsync(7);
        foreach (var ahead in new[] { "Configure optional settings", "Save the key", "Copy and store your key" })
        {
            await Expect(rail.Filter(new() { HasText = ahead })).ToBeDisabledAsync();
            await rail.Filter(new() { HasText = ahead }).ClickAsync(new() { Force = true });
        }

        await ada.Page.Field("Name").FillAsync("dev-testing");
        await Expect(ada.Page.Heading("Name your key")).ToBeVisibleAsync();
        await ada.Page.Button("Continue").ClickAsync();
        await ada.Page.AtStepAsync("Configure optional settings");

        await ada.Page.Field("Expiration").FillAsync("2040-06-01");
        var done = rail.Filter(new() { HasText = "Name your key, done" });
        await Expect(done).ToBeEnabledAsync();
        await done.ClickAsync();
        await ada.Page.AtStepAsync("Name your key");
        await Expect(ada.Page.Field("Name")).ToHaveValueAsync("dev-testing");
        await ada.Page.Button("Continue").ClickAsync();
        await Expect(ada.Page.Field("Expiration")).ToHaveValueAsync("2040-06-01");
    }

    private static async Task RefusedAsync(ILocator field, string words)
    {
        await Expect(field).ToHaveAccessibleDescriptionAsync(new Regex(Regex.Escape(words)));
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToBeFocusedAsync();
    }
}
