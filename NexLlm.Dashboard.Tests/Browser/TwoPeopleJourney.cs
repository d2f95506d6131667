using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

public sealed class TwoPeopleJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    [BrowserFact]
    public async Task Nobody_finds_another_persons_key_anywhere()
    {
        var (ada, bob) = (await SignUpAsync("ada"), await SignUpAsync("bob"));
        var (theirs, deleted) = (await App.CreateKeyAsync(await ActorAsync(ada), "adas-app"), await App.CreateKeyAsync(await ActorAsync(ada), "adas-old-app"));
        await App.Keys.DeleteAsync(await ActorAsync(ada), [deleted.Key.Id], TestContext.Current.CancellationToken);
        await App.CreateKeyAsync(await ActorAsync(bob), "bobs-app");
        var page = bob.Page;

        await page.OpenAsync("keys");
        await Expect(page.KeyRow("bobs-app")).ToBeVisibleAsync();
        await UnseenAsync(page);
        await SearchAsync(page, "adas");
        await Expect(page.Heading("No matching keys")).ToBeVisibleAsync();
        await SearchAsync(page, theirs.Secret.Reveal());
        await Expect(page.GetByText("That key doesn't belong to your account.")).ToBeVisibleAsync();
        await UnseenAsync(page);
        await page.OpenAsync($"keys?id={theirs.Key.Id}");
        await Expect(page.Heading("No matching keys")).ToBeVisibleAsync();
        await page.OpenAsync("keys/deleted");
        await Expect(page.Heading("Nothing to restore")).ToBeVisibleAsync();

        bob.Foresee("404 (Not Found)");
        var answer = await page.GotoAsync($"keys/{theirs.Key.Id}/edit");
        Assert.Equal(404, answer!.Status);
        await Expect(page.Heading("Page not found")).ToBeVisibleAsync();
        var nobodys = await page.GotoAsync("keys/987654/edit");
        Assert.Equal(404, nobodys!.Status);

        await page.OpenAsync($"keys/new?from={theirs.Key.Id}");
        await Expect(page.Field("Name")).ToHaveValueAsync("");
        await UnseenAsync(page);

        await ada.Page.OpenAsync("keys");
        await SearchAsync(ada.Page, theirs.Secret.Reveal());
        await Expect(ada.Page.KeyRow("adas-app")).ToBeVisibleAsync();
    }

    private static async Task SearchAsync(IPage page, string text)
    {
        await page.Search("Search by name or key").FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task UnseenAsync(IPage page) =>
        Assert.DoesNotContain("adas-", await page.ContentAsync(), StringComparison.Ordinal);
}
