using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class EditJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Of_two_editors_the_second_is_told_and_overwrites_nothing()
    {
        var ada = await SignUpAsync("editors");
        var key = (await App.CreateKeyAsync(await ActorAsync(ada), "production-app")).Key;
        var (first, second) = (ada.Page, await ada.NewTabAsync($"keys/{key.Id}/edit"));
        await first.OpenAsync($"keys/{key.Id}/edit");
        await second.InteractiveAsync();

        await first.Field("IP Allowlist").FillAsync("203.0.113.7");
        await first.Button("Save changes").ClickAsync();
        await Expect(first.GetByText("Changes saved.")).ToBeVisibleAsync();

        await second.Field("Name").FillAsync("renamed");
        await second.Button("Save changes").ClickAsync();
        var conflict = second.GetByRole(AriaRole.Alert);
        await Expect(conflict).ToContainTextAsync("This key was changed in another session");
        await Expect(conflict.GetByRole(AriaRole.Row)).ToContainTextAsync(["Field", "IP Allowlist"]);
        await Expect(second.Heading("This key was changed in another session")).ToBeFocusedAsync();
        await Expect(second.Field("Name")).ToHaveValueAsync("renamed");
        await second.AxeAsync();
        await second.LookAsync("edit-conflict");

        await second.Button("Discard mine and reload").ClickAsync();
        await Expect(second.Field("IP Allowlist")).ToHaveValueAsync("203.0.113.7");
        await Expect(second.Field("Name")).ToHaveValueAsync("production-app");
        await second.Field("Name").FillAsync("renamed");
        await second.Button("Save changes").ClickAsync();
        await Expect(second.Heading("renamed")).ToBeVisibleAsync();
        var saved = await App.Keys.FindAsync(await ActorAsync(ada), key.Id, TestContext.Current.CancellationToken);
        Assert.Equal(("renamed", "203.0.113.7"), (saved!.Name, saved.Policy.Ips.ToField()));
    }

    [BrowserFact]
    public async Task A_key_is_disabled_and_enabled_from_the_list_from_a_selection_and_from_its_own_page()
    {
        var ada = await SignUpAsync("toggle");
        var actor = await ActorAsync(ada);
        await App.CreateKeyAsync(actor, "one");
        await App.CreateKeyAsync(actor, "two");
        var page = ada.Page;
        await page.OpenAsync("keys");
        await page.Button("More actions for one").ClickAsync();
        await page.Button("Disable").ClickAsync();
        await Expect(page.KeyRow("one")).ToContainTextAsync("Disabled");
        await Expect(page.Link("Disabled 1")).ToBeVisibleAsync();
        await page.Box("Select page").CheckAsync();
        await page.Group("Selected keys").GetByRole(AriaRole.Button, new() { Name = "Disable", Exact = true }).ClickAsync();
        await Expect(page.KeyRow("two")).ToContainTextAsync("Disabled");
        await Expect(page.Link("Disabled 2")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Active" })).ToBeHiddenAsync();

        await page.Button("More actions for two").ClickAsync();
        await page.Link("Edit").ClickAsync();
        // The list has buttons of the same name until the page has changed.
        await Expect(page.Field("Name")).ToHaveValueAsync("two");
        await page.Button("Enable").ClickAsync();
        await Expect(page.GetByText("Key enabled.")).ToBeVisibleAsync();
        await page.Link("Cancel").ClickAsync();
        await Expect(page.KeyRow("two")).ToContainTextAsync("Active");
        await Expect(page.KeyRow("one")).ToContainTextAsync("Disabled");
    }

    [BrowserFact]
    public async Task A_wrong_entry_says_how_to_put_it_right_and_saves_nothing()
    {
        var ada = await SignUpAsync("wrong-edit");
        var actor = await ActorAsync(ada);
        var key = (await App.CreateKeyAsync(actor, "one")).Key;
        await App.CreateKeyAsync(actor, "two");
        var page = ada.Page;
        await page.OpenAsync($"keys/{key.Id}/edit");
        await page.Field("Name").FillAsync("two");
        await page.Button("Save changes").ClickAsync();
        await Expect(page.GetByText("You already have a key named “two”. Choose another name.")).ToBeVisibleAsync();
        await Expect(page.Field("Name")).ToBeFocusedAsync();
        await page.Field("Name").FillAsync("one");
        await page.Switch("Unlimited Quota").UncheckAsync();
        await page.Field("Remaining Quota in tokens").FillAsync("0");
        await page.Button("Save changes").ClickAsync();
        await Expect(page.GetByText("Enter at least 1 token. To stop a key, disable it.")).ToBeVisibleAsync();
        await page.LookAsync("edit-wrong");
        Assert.Equal(key.Version, (await App.Keys.FindAsync(actor, key.Id, TestContext.Current.CancellationToken))!.Version);
    }
}
