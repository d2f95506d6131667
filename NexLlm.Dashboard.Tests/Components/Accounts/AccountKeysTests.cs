using Bunit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Accounts;

public sealed class AccountKeysTests(NexLlmApp app) : AdministrationPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task The_accounts_keys_can_be_disabled_and_deleted_but_neither_made_nor_edited_nor_restored()
    {
        var (_, ada) = await ArrangeAsync();
        var key = (await App.CreateKeyAsync(ada, "production-app")).Key;
        var page = OpenAccount(ada);
        Assert.StartsWith($"production-app{key.DisplayForm} | Active", Assert.Single(Rows(page)), StringComparison.Ordinal);

        await ClickAsync(page, "button", "Disable production-app");
        page.WaitForAssertion(() => Assert.Contains("Disabled", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Assert.False((await App.Keys.FindAsync(ada, key.Id, Cancellation))!.IsEnabled);
        Assert.Equal(["production-app disabled. Requests using it will fail."], Said);

        Ask(page, "button", "Delete production-app");
        Assert.DoesNotContain(Dialogs.FindAll("[role=dialog] button"), b => b.TextContent.Contains("replacement", StringComparison.Ordinal));
        await AnswerAsync("Delete");
        page.WaitForAssertion(() => Assert.Empty(Rows(page)));
        Assert.Null(await App.Keys.FindAsync(ada, key.Id, Cancellation));
        Assert.DoesNotContain(page.FindAll("a"), a => a.GetAttribute("href") is "keys/new" || a.GetAttribute("href")!.EndsWith("/edit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_page_of_keys_is_not_called_empty_once_its_last_key_is_deleted()
    {
        var (_, ada) = await ArrangeAsync();
        for (var n = 0; n < 26; n++)
        {
            await App.CreateKeyAsync(ada, $"key-{n:00}");
            App.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = OpenAccount(ada);
        first.WaitForState(() => first.FindAll("tbody tr").Count == 25);
        Navigation.NavigateTo(Named(first, ".key-pager a", "Next page").GetAttribute("href")!);
        var page = OpenAccount(ada, Navigation.Uri);
        Ask(page, "button", "Delete key-00");
        await AnswerAsync("Delete");

        page.WaitForAssertion(() => Assert.Equal(25, Rows(page).Count));
        Assert.DoesNotContain("No API keys.", page.Markup, StringComparison.Ordinal);
    }
}
