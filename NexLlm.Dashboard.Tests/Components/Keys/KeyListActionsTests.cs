using Bunit;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class KeyListActionsTests(NexLlmApp app) : ListPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task A_key_is_disabled_and_enabled_in_its_row()
    {
        var actor = await LogInAsync();
        var key = (await App.CreateKeyAsync(actor, "one")).Key;
        var page = Open();

        await SwitchAsync(page, "one", "Disable");
        page.WaitForAssertion(() => Assert.Equal("Disabled", page.Find(".status").TextContent));
        Assert.False((await App.Keys.FindAsync(actor, key.Id, Cancellation))!.IsEnabled);
        Assert.Equal(["one disabled. Requests using it will fail."], Said);

        await SwitchAsync(page, "one", "Enable");
        page.WaitForAssertion(() => Assert.Equal("Active", page.Find(".status").TextContent));
        Assert.True((await App.Keys.FindAsync(actor, key.Id, Cancellation))!.IsEnabled);
    }

    [Fact]
    public async Task Undo_enables_what_was_disabled_and_leaves_what_was_so_before()
    {
        var actor = await LogInAsync();
        await CreateAsync(actor, "a", "b");
        var before = await App.CreateKeyAsync(actor, "c");
        await App.Keys.SetEnabledAsync(actor, [before.Key.Id], enabled: false, Cancellation);
        var page = Open("keys?sort=name");
        await TickAsync(page, "Select page");
        await ClickAsync(page, ".bulk button", "Disable");
        page.WaitForAssertion(() => Assert.Equal(["Disabled", "Disabled", "Disabled"], page.FindAll(".status").Select(s => s.TextContent)));
        Assert.Equal(["2 keys disabled. Requests using them will fail."], Said);

        await ClickAsync(Render<MudSnackbarProvider>(), "button", "Undo");

        Assert.Contains("2 keys enabled again.", Said);
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal(["Active", "Active", "Disabled"], page.FindAll(".status").Select(s => s.TextContent)));
    }

    [Fact]
    public async Task What_is_selected_is_disabled_together_and_nothing_else()
    {
        var actor = await LogInAsync();
        await CreateAsync(actor, "a", "b", "c");
        var page = Open("keys?sort=name");
        Assert.Empty(page.FindAll("[aria-label='Selected keys']"));

        await TickAsync(page, "Select a");
        await TickAsync(page, "Select c");
        Assert.Equal("2 selected", page.Find(".bulk [role=status]").TextContent);
        await ClickAsync(page, ".bulk button", "Disable");

        page.WaitForAssertion(() => Assert.Equal(["Disabled", "Active", "Disabled"], page.FindAll(".status").Select(s => s.TextContent)));
    }

    [Fact]
    public async Task A_page_is_selected_and_cleared_at_once()
    {
        var actor = await LogInAsync();
        await CreateAsync(actor, "a", "b", "c");
        var page = Open();

        await TickAsync(page, "Select page");
        Assert.Equal("3 selected", page.Find(".bulk [role=status]").TextContent);
        Assert.All(page.FindAll("input[type=checkbox]"), box => Assert.True(box.HasAttribute("checked")));

        await ClickAsync(page, ".bulk button", "Clear selection");
        Assert.Empty(page.FindAll(".bulk"));
        Assert.All(page.FindAll("input[type=checkbox]"), box => Assert.False(box.HasAttribute("checked")));
    }

    [Fact]
    public async Task A_selection_does_not_outlive_what_it_was_made_in()
    {
        var actor = await LogInAsync();
        await CreateAsync(actor, "a", "b");
        var page = Open();
        await TickAsync(page, "Select a");

        Navigation.NavigateTo("keys?q=b");

        page.WaitForAssertion(() => Assert.Equal(["b"], Names(page)));
        Assert.Empty(page.FindAll(".bulk"));
    }

    [Fact]
    public async Task What_another_tab_changes_shows_by_itself_and_at_most_once_a_second()
    {
        var actor = await LogInAsync();
        await CreateAsync(actor, "first");
        var page = Open();

        await CreateAsync(actor, "second");
        page.WaitForAssertion(() => Assert.Equal(["second", "first"], Names(page)));

        await CreateAsync(actor, "third");
        App.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(["second", "first"], Names(page));
        App.Clock.Advance(TimeSpan.FromMilliseconds(1));
        page.WaitForAssertion(() => Assert.Equal(["third", "second", "first"], Names(page)));
    }

    [Fact]
    public async Task What_others_do_does_not_show()
    {
        var actor = await LogInAsync();
        await CreateAsync(actor, "mine");
        var page = Open();
        var renders = page.RenderCount;

        await CreateAsync(await App.CreateActorAsync(), "theirs");
        App.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["mine"], Names(page));
        Assert.Equal(renders, page.RenderCount);
    }

    [Fact]
    public async Task A_key_that_expires_while_it_is_looked_at_says_so_within_a_minute()
    {
        var actor = await LogInAsync();
        var end = App.Clock.GetUtcNow().AddSeconds(30);
        await App.CreateKeyAsync(actor, "brief", policy => policy with { Expiration = new(end) });
        var page = Open();
        Assert.Equal("Expires soon", page.Find(".status").TextContent);

        App.Clock.Advance(TimeSpan.FromMinutes(1));

        page.WaitForAssertion(() => Assert.Equal("Expired", page.Find(".status").TextContent));
    }

    private static async Task SwitchAsync(IRenderedComponent<KeyList> page, string name, string verb)
    {
        await ClickAsync(page, "button", $"More actions for {name}");
        await ClickAsync(page, "#key-menu button", verb);
    }

    private async Task CreateAsync(Actor actor, params string[] names)
    {
        foreach (var name in names)
        {
            await App.CreateKeyAsync(actor, name);
        }
    }
}
