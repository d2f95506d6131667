using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Components.Layout;
using NexLlm.Dashboard.Components.Search;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Layout;

public sealed class CommandPaletteTests(NexLlmApp app) : ListPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task Opened_it_offers_pages_and_actions_as_far_as_the_person_may_use_them()
    {
        await LogInAsync();
        OpenPalette();
        Assert.Equal(["Pages", "Actions"], Groups);
        Assert.Contains("Create API Key", Options);
        Assert.DoesNotContain("Invite someone", Options);
        Assert.DoesNotContain("Channels", Options);
    }

    [Fact]
    public async Task An_administrator_finds_people_channels_and_groups_beside_the_own_keys()
    {
        var root = await LogInAsync(administrator: true);
        var key = (await App.CreateKeyAsync(root, "walrus-key")).Key;
        var walrus = await App.CreateActorAsync("walrus@example.com");
        await App.CreateChannelAsync(root, s => s with { Name = "Walrus channel" });
        await App.CreateGroupAsync(root, "walrus group");
        OpenPalette();

        await TypeAsync("walrus");

        Dialogs.WaitForAssertion(() => Assert.Equal(["API keys", "Accounts", "Channels", "Channel groups"], Groups));
        Assert.Equal([$"keys/{key.Id}", $"accounts/{walrus.AccountId}"], Dialogs.FindAll("[role=option]").Take(2).Select(o => o.GetAttribute("href")));
        Assert.Equal("4 results", Dialogs.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task The_arrows_move_through_all_groups_and_around_and_Enter_opens()
    {
        var me = await LogInAsync();
        var key = (await App.CreateKeyAsync(me, "usage-key")).Key;
        OpenPalette();
        await TypeAsync("usage");
        Dialogs.WaitForAssertion(() => Assert.Equal(["Pages", "API keys"], Groups));
        Assert.Equal("Usage", Active);

        await PressAsync("ArrowDown");
        Assert.Equal($"usage-key{key.DisplayForm}", Active);
        await PressAsync("ArrowDown");
        Assert.Equal("Usage", Active);
        await PressAsync("ArrowUp");
        Assert.Equal($"usage-key{key.DisplayForm}", Active);
        await PressAsync("Enter");

        Assert.EndsWith($"/keys/{key.Id}", Navigation.Uri, StringComparison.Ordinal);
        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll("[role=dialog]")));
    }

    [Fact]
    public async Task Enter_opens_what_has_been_typed_and_not_what_was_found_before()
    {
        await LogInAsync();
        OpenPalette();

        // The clock stands still: the pause after the typing never ends.
        await Field.InputAsync("logs");
        Assert.Contains("Overview", Options);
        await PressAsync("Enter");

        Assert.EndsWith("/logs", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_found_is_said_and_nothing_is_called_a_list()
    {
        await LogInAsync();
        OpenPalette();

        await TypeAsync("qwxyz");

        Dialogs.WaitForAssertion(() => Assert.Equal("No results for “qwxyz”", Dialogs.Find("[role=status]").TextContent));
        Assert.Empty(Dialogs.FindAll("[role=listbox]"));
        Assert.Equal(("false", null), (Field.GetAttribute("aria-expanded"), Field.GetAttribute("aria-activedescendant")));
        await PressAsync("Enter");
        Assert.NotEmpty(Dialogs.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task A_pasted_secret_leads_to_its_key_and_reaches_no_address()
    {
        var me = await LogInAsync();
        var created = await App.CreateKeyAsync(me, "pasted");
        OpenPalette();

        await TypeAsync(created.Secret.Reveal());

        Dialogs.WaitForAssertion(() => Assert.Equal([$"pasted{created.Key.DisplayForm}"], Options));
        await PressAsync("Enter");
        Assert.EndsWith($"/keys/{created.Key.Id}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_said_and_the_next_search_may_work()
    {
        var database = new CountedContexts(App.Contexts) { Fails = true };
        Services.AddSingleton(ActivatorUtilities.CreateInstance<CommandSearch>(App.Services, ActivatorUtilities.CreateInstance<QuickSearch>(App.Services, database)));
        await LogInAsync();
        OpenPalette();
        Dialogs.WaitForAssertion(() => Assert.Equal("Couldn't search. Try again.", Dialogs.Find("[role=status]").TextContent));

        database.Fails = false;
        await TypeAsync("logs");

        Dialogs.WaitForAssertion(() => Assert.Contains("Logs", Options));
    }

    [Fact]
    public async Task A_login_that_is_over_leads_to_the_log_in_page()
    {
        var me = await LogInAsync();
        OpenPalette();
        await App.Services.GetRequiredService<NexLlm.Dashboard.Accounts.Administration.AccountAccess>()
            .SignOutAsync(await App.CreateActorAsync(administrator: true), me.AccountId!.Value, Cancellation);

        await TypeAsync("logs");

        Dialogs.WaitForAssertion(() => Assert.Contains("/account/login?returnUrl=", Navigation.Uri, StringComparison.Ordinal));
    }

    private IElement Field => Dialogs.Find("[role=combobox]");

    private IEnumerable<string> Groups => Dialogs.FindAll("[role=group] > p").Select(p => p.TextContent);

    private IEnumerable<string> Options => Dialogs.FindAll("[role=option]").Select(Text);

    /// <summary>The one option that the field points to and that is marked.</summary>
    private string Active
    {
        get
        {
            var marked = Assert.Single(Dialogs.FindAll("[role=option][aria-selected=true]"));
            Assert.Equal(Field.GetAttribute("aria-activedescendant"), marked.Id);
            return Text(marked);
        }
    }

    private static string Text(IElement option) => string.Concat(option.QuerySelectorAll("span").Select(s => s.TextContent));

    private void OpenPalette()
    {
        var dialogs = Dialogs;
        var button = Render<CommandPaletteButton>();
        _ = button.InvokeAsync(() => button.Find("button").Click());
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.Find("[role=status]").TextContent));
    }

    private async Task TypeAsync(string text)
    {
        await Dialogs.InvokeAsync(() => Field.InputAsync(text));
        App.Clock.Advance(TimeSpan.FromMilliseconds(150));
    }

    private Task PressAsync(string key) => Dialogs.InvokeAsync(() => Field.KeyDownAsync(new KeyboardEventArgs { Key = key }));
}
