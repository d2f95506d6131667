using Bunit;
using MudBlazor;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class DeleteKeyTests(NexLlmApp app) : ListPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task The_dialog_says_what_will_happen_to_which_key_and_starts_on_Cancel()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "leaked")).Key;
        await App.UseKeyAsync(key.Id, 5, App.Clock.GetUtcNow().AddMinutes(-2));
        var page = Open();

        Ask(page, "button", "Delete leaked");

        var dialog = Dialogs.Find("[role=dialog]");
        Assert.Equal("Delete leaked?", dialog.QuerySelector($"#{dialog.GetAttribute("aria-labelledby")}")!.TextContent.Trim());
        foreach (var part in (string[])["It stops working immediately: requests using this key will fail.", key.DisplayForm, "2m ago", "24 hours"])
        {
            Assert.Contains(part, dialog.TextContent, StringComparison.Ordinal);
        }

        JSInterop.VerifyFocusAsyncInvoke().Arguments[0].ShouldBeElementReferenceTo(Named(Dialogs, "[role=dialog] button", "Cancel"));
        Assert.NotNull(await App.Keys.FindAsync(actor, key.Id, Cancellation));
    }

    [Fact]
    public async Task For_many_the_dialog_says_how_many()
    {
        var actor = await LogInAsync();
        for (var n = 1; n <= 7; n++)
        {
            await App.CreateKeyAsync(actor, $"key-{n}");
        }

        var page = Open("keys?sort=name");
        await TickAsync(page, "Select page");
        Ask(page, ".bulk button", "Delete");

        Assert.Equal("Delete 7 keys?", Dialogs.Find("[role=dialog] h2").TextContent);
        Assert.Equal(["key-1", "key-2", "key-3", "key-4", "key-5", "+2 more"], Dialogs.FindAll("[role=dialog] li").Select(li => li.TextContent));
        Assert.DoesNotContain(Dialogs.FindAll("[role=dialog] button"), b => b.TextContent.Contains("replace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancel_deletes_nothing()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "kept")).Key;
        var page = Open();

        Ask(page, "button", "Delete kept");
        await AnswerAsync("Cancel");

        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll("[role=dialog]")));
        Assert.NotNull(await App.Keys.FindAsync(actor, key.Id, Cancellation));
    }

    [Fact]
    public async Task A_deleted_key_is_gone_and_Undo_brings_it_back()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "other");
        var key = (await App.CreateKeyAsync(actor, "leaked")).Key;
        var page = Open();

        await DeleteAsync(page, "leaked");

        page.WaitForAssertion(() => Assert.Equal(["other"], Names(page)));
        Assert.Null(await App.Keys.FindAsync(actor, key.Id, Cancellation));
        Assert.Equal(["leaked deleted. It no longer works."], Said);

        await UndoAsync();

        Assert.NotNull(await App.Keys.FindAsync(actor, key.Id, Cancellation));
        Assert.Contains("leaked restored. The secret is unchanged.", Said);
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal(["leaked", "other"], Names(page)));
    }

    [Fact]
    public async Task Undo_after_its_time_says_that_it_is_too_late()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "leaked")).Key;
        var page = Open();
        await DeleteAsync(page, "leaked");

        App.Clock.Advance(TimeSpan.FromHours(24));
        await UndoAsync();

        Assert.Contains("leaked can no longer be restored. The 24-hour window has passed.", Said);
        Assert.Null(await App.Keys.FindAsync(actor, key.Id, Cancellation));
    }

    [Fact]
    public async Task Undo_where_the_name_is_taken_says_the_new_name()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "app");
        var page = Open();
        await DeleteAsync(page, "app");
        await App.CreateKeyAsync(actor, "app");

        await UndoAsync();

        Assert.Contains("app restored as “app (restored)” because another key has its name.", Said);
    }

    [Fact]
    public async Task Delete_and_create_a_replacement_deletes_and_opens_the_wizard_with_the_same_policy()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "leaked")).Key;
        var page = Open();

        Ask(page, "button", "Delete leaked");
        await AnswerAsync("Delete and replace");

        Assert.EndsWith($"/keys/new?from={key.Id}", Navigation.Uri, StringComparison.Ordinal);
        Assert.Null(await App.Keys.FindAsync(actor, key.Id, Cancellation));
        Assert.NotNull(await App.Keys.FindForReplacementAsync(actor, key.Id, Cancellation));
    }

    [Fact]
    public async Task A_key_that_somebody_else_deleted_meanwhile_is_said_to_be_gone()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "leaked")).Key;
        var page = Open();
        Ask(page, "button", "Delete leaked");
        await App.Keys.DeleteAsync(actor, [key.Id], Cancellation);

        await AnswerAsync("Delete");

        Assert.Equal(["leaked was already deleted."], Said);
    }

    [Fact]
    public async Task An_administrator_who_deleted_anothers_key_is_offered_no_undo()
    {
        var owner = await App.CreateActorAsync();
        var key = (await App.CreateKeyAsync(owner, "leaked")).Key;
        await LogInAsync(administrator: true);
        var page = Open($"keys?id={key.Id}");

        await DeleteAsync(page, "leaked");

        Assert.Null(await App.Keys.FindAsync(owner, key.Id, Cancellation));
        Assert.Equal(["leaked deleted. It no longer works."], Said);
        Assert.DoesNotContain("Undo", Render<MudSnackbarProvider>().Markup, StringComparison.Ordinal);
    }

    private async Task DeleteAsync(IRenderedComponent<KeyList> page, string name)
    {
        Ask(page, "button", $"Delete {name}");
        await AnswerAsync("Delete");
    }

    /// <summary>Presses Undo in the snackbar.</summary>
    private async Task UndoAsync() => await ClickAsync(Render<MudSnackbarProvider>(), "button", "Undo");
}
