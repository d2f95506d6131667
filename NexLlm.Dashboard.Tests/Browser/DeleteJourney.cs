using Microsoft.Playwright;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class DeleteJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task A_delete_asks_first_is_done_at_once_and_can_be_undone()
    {
        var page = await ListOfAsync("undo", "production-app", "dev-testing");
        await page.Button("Delete production-app").ClickAsync();
        await Expect(page.Modal).ToContainTextAsync("Delete production-app?");
        await Expect(page.Modal).ToContainTextAsync("It stops working immediately");
        await Expect(page.Button("Cancel")).ToBeFocusedAsync();
        await page.LookAsync("list-delete");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Modal).ToBeHiddenAsync();
        await Expect(page.Button("Delete production-app")).ToBeFocusedAsync();
        await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();

        await DeleteAsync(page, "production-app");
        await Expect(page.Heading("API Keys")).ToBeFocusedAsync();
        await Expect(page.GetByText("production-app deleted. It no longer works.")).ToBeVisibleAsync();
        await page.LookAsync("list-deleted");

        await page.Button("Undo").ClickAsync();
        await Expect(page.GetByText("production-app restored. The secret is unchanged.")).ToBeVisibleAsync();
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(page.KeyRow("production-app")).ToContainTextAsync("Active");
    }

    [BrowserFact]
    public async Task Many_are_deleted_together_and_restored_one_by_one()
    {
        var page = await ListOfAsync("many", "one", "two", "three");
        await page.Box("Select one").CheckAsync();
        await page.Box("Select two").CheckAsync();
        await page.Group("Selected keys").GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.Modal).ToContainTextAsync("Delete 2 keys?");
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.KeyRow("one")).ToBeHiddenAsync();
        await Expect(page.KeyRow("three")).ToBeVisibleAsync();

        await page.Link("Recently deleted").ClickAsync();
        await page.Button("Restore two").ClickAsync();
        await Expect(page.GetByText("two restored. The secret is unchanged.")).ToBeVisibleAsync();
        await Expect(page.Button("Restore two")).ToBeHiddenAsync();
        await Expect(page.Button("Restore one")).ToBeVisibleAsync();
        await page.LookAsync("deleted");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "API Keys" }).ClickAsync();
        await Expect(page.KeyRow("two")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task After_its_time_a_delete_cannot_be_undone_and_says_so()
    {
        var page = await ListOfAsync("late", "production-app", "dev-testing");
        var deleted = await page.Context.NewPageAsync();
        await DeleteAsync(page, "production-app");
        await deleted.OpenAsync("keys/deleted");
        await Expect(deleted.Button("Restore production-app")).ToBeVisibleAsync();

        App.Clock.Advance(TimeSpan.FromHours(24));
        await page.Button("Undo").ClickAsync();
        await Expect(page.GetByText("production-app can no longer be restored. The 24-hour window has passed.")).ToBeVisibleAsync();
        await Expect(deleted.Heading("Nothing to restore")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.KeyRow("dev-testing")).ToBeVisibleAsync();
        await Expect(page.KeyRow("production-app")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task A_leaked_key_is_replaced_by_one_with_the_same_policy()
    {
        var ada = await SignUpAsync("replace");
        var actor = await ActorAsync(ada);
        var leaked = await App.CreateKeyAsync(actor, "production-app", policy => policy with { TokenLimit = 5_000_000, Expiration = new Expiration(NexLlmApp.Start.AddDays(100).Date) });
        var page = ada.Page;
        await page.OpenAsync("keys");
        await page.Button("Delete production-app").ClickAsync();
        await page.Button("Delete and replace").ClickAsync();

        await Expect(page.GetByText("Settings copied from production-app, which is deleted.")).ToBeVisibleAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("production-app");
        await page.Button("Continue").ClickAsync();
        await page.AtStepAsync("Configure optional settings");
        await page.Button("Continue").ClickAsync();
        await page.Button("Save changes").ClickAsync();
        await page.AtStepAsync("Copy and store your key");
        await page.Box("I have stored this key").CheckAsync();
        await page.Button("Done").ClickAsync();
        await Expect(page.KeyRow("production-app")).ToContainTextAsync("5M left of 5M");

        var replacement = Assert.Single((await App.Keys.ListAsync(actor, new(), TestContext.Current.CancellationToken)).Keys);
        Assert.NotEqual(leaked.Key.Id, replacement.Id);
        Assert.NotEqual(leaked.Key.DisplayForm, replacement.DisplayForm);
        Assert.Equal(leaked.Key.Policy, replacement.Policy);
    }

    private async Task<IPage> ListOfAsync(string person, params string[] names)
    {
        var ada = await SignUpAsync(person);
        var actor = await ActorAsync(ada);
        foreach (var name in names)
        {
            await App.CreateKeyAsync(actor, name);
        }

        await ada.Page.OpenAsync("keys");
        return ada.Page;
    }

    private static async Task DeleteAsync(IPage page, string name)
    {
        await page.Button($"Delete {name}").ClickAsync();
        await page.Modal.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.KeyRow(name)).ToBeHiddenAsync();
    }
}
