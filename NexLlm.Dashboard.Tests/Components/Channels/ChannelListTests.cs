using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Components.Channels;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Channels;

public sealed class ChannelListTests : AdministrationPageTests
{
    [Fact]
    public async Task Errors_and_the_circuit_show_by_themselves_within_two_seconds()
    {
        using var caller = await App.CreateCallerAsync();
        var page = Open();
        Assert.Contains("No calls", Row(page, "main"), StringComparison.Ordinal);

        App.Upstream.Answer = FakeUpstream.Json("{}", 500);
        for (var i = 0; i < 5; i++)
        {
            (await caller.ChatAsync()).Dispose();
        }

        App.Clock.Advance(TimeSpan.FromSeconds(2));
        page.WaitForAssertion(() => Assert.Contains("100% of 5", Row(page, "main"), StringComparison.Ordinal));
        Assert.Contains("Paused", Row(page, "main"), StringComparison.Ordinal);
        Assert.Contains("Paused after repeated failures. Resumes in ", Row(page, "main"), StringComparison.Ordinal);

        App.Clock.Advance(TimeSpan.FromSeconds(15));
        page.WaitForAssertion(() => Assert.Contains("Recovering", Row(page, "main"), StringComparison.Ordinal));

        App.Upstream.Answer = FakeUpstream.ChatOf("Back", 1, 1);
        (await caller.ChatAsync()).Dispose();
        App.Clock.Advance(TimeSpan.FromSeconds(2));
        page.WaitForAssertion(() => Assert.Contains("Healthy", Row(page, "main"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_another_administrator_does_appears_by_itself()
    {
        var page = Open();
        await CreateChannelAsync("theirs");

        page.WaitForAssertion(() => Assert.Equal(["echo", "main", "theirs"], Names(page)));
    }

    [Fact]
    public async Task Only_what_was_made_here_can_be_deleted_and_what_configuration_declares_not_even_be_switched()
    {
        await CreateChannelAsync("mine");
        var page = Open();

        Assert.Equal(["Edit", "Disable", "Delete"], await OpenMenuAsync(page, "mine"));
        Assert.Equal(["View", "Disable"], await OpenMenuOfAnotherPageAsync("echo"));
        Assert.Equal(["View"], await OpenMenuOfAnotherPageAsync("main"));
        Assert.Contains("From configuration", Row(page, "main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switching_off_says_first_whose_keys_it_breaks_and_does_nothing_until_confirmed()
    {
        var channel = await CreateChannelAsync("mine");
        await App.CreateKeyAsync(await App.CreateActorAsync("ada@example.com"), "night-job", p => p with { Models = ModelRestriction.Only(["fresh"]) });
        await App.CreateKeyAsync(await App.CreateActorAsync(), "free");
        var page = Open();

        await ChooseAndBeAskedAsync(page, "mine", "Disable");
        Assert.Contains("night-job (ada@example.com)", Dialog(), StringComparison.Ordinal);
        Assert.Contains("1 key without model restrictions may be using it", Dialog(), StringComparison.Ordinal);
        Assert.Contains("1 key is restricted to these models", Dialog(), StringComparison.Ordinal);
        Assert.Contains("No group would serve fresh", Dialog(), StringComparison.Ordinal);
        Assert.True((await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.IsEnabled);

        await AnswerAsync("Disable channel");
        page.WaitForAssertion(() => Assert.Contains("Disabled", Row(page, "mine"), StringComparison.Ordinal));
        Assert.False((await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.IsEnabled);
        Assert.Equal(["mine disabled."], Said);
    }

    [Fact]
    public async Task What_was_switched_can_be_taken_back_from_the_message_about_it()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open();
        await ChooseAndBeAskedAsync(page, "mine", "Disable");
        await AnswerAsync("Disable channel");
        page.WaitForAssertion(() => Assert.Contains("Disabled", Row(page, "mine"), StringComparison.Ordinal));

        var snackbars = Render<MudSnackbarProvider>();
        Assert.Contains("mine disabled.", snackbars.Markup, StringComparison.Ordinal);
        await ClickAsync(snackbars, "button", "Undo");

        page.WaitForAssertion(() => Assert.Contains("Enabled", Row(page, "mine"), StringComparison.Ordinal));
        Assert.True((await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.IsEnabled);
    }

    [Fact]
    public async Task More_channels_than_a_page_holds_are_paged_by_the_address()
    {
        for (var i = 10; i < 36; i++)
        {
            await CreateChannelAsync($"channel-{i}");
        }

        Assert.Equal(25, Names(Open()).Count);
        var page = Open("channels?page=2");
        Assert.Equal(["channel-35", "echo", "main"], Names(page));
        Assert.Contains("26–28 of 28", page.Markup, StringComparison.Ordinal);
        Assert.Equal(Names(page), Names(Open("channels?page=99")));
    }

    [Fact]
    public async Task Search_and_order_stand_in_the_address()
    {
        await CreateChannelAsync("another");
        Assert.Equal(["another"], Names(Open("channels?q=FRESH")));
        Assert.Equal(["main", "echo", "another"], Names(Open("channels?dir=desc")));

        var page = Open("channels?q=nothing-like-it");
        Assert.Equal("No matching channels", page.Find("h2").TextContent);
        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync("echo"));
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.EndsWith("/channels?q=echo", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Channels_that_cannot_be_read_can_be_asked_for_again()
    {
        Database.Fails = true;
        var page = Render<ChannelList>();
        Assert.Equal("Couldn't load channels", page.Find("[role=alert] h2").TextContent);

        Database.Fails = false;
        await page.InvokeAsync(() => page.PressAsync("Try again"));
        page.WaitForAssertion(() => Assert.Equal(["echo", "main"], Names(page)));
    }

    [Fact]
    public async Task A_change_that_fails_says_in_its_dialog_that_nothing_was_changed()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Open();
        await ChooseAndBeAskedAsync(page, "mine", "Delete");
        Database.Fails = true;
        await AnswerAsync("Delete channel");

        Assert.Contains("Couldn't complete this action.", Dialog(), StringComparison.Ordinal);
        Assert.NotNull(await App.Channels.FindAsync(Admin, channel.Id, Cancellation));
    }

    [Fact]
    public async Task Switching_on_that_fails_is_said_and_leaves_the_page_as_it_was()
    {
        var channel = await CreateChannelAsync("mine");
        await App.Channels.SetEnabledAsync(Admin, channel.Id, enabled: false, Cancellation);
        var page = Open();
        Database.Fails = true;
        await ChooseAsync(page, "mine", "Enable");
        page.WaitForAssertion(() => Assert.Contains("Couldn't complete this action.", Assert.Single(Said), StringComparison.Ordinal));
        Assert.Contains("Disabled", Row(page, "mine"), StringComparison.Ordinal);

        Database.Fails = false;
        await ChooseAsync(page, "mine", "Enable");
        page.WaitForAssertion(() => Assert.Contains("Enabled", Row(page, "mine"), StringComparison.Ordinal));
        Assert.Equal("mine enabled.", Said.Last());
    }

    [Fact]
    public async Task What_the_page_reads_by_itself_and_cannot_leaves_on_the_screen_what_was_there()
    {
        await CreateChannelAsync("mine");
        var page = Open();
        Database.Fails = true;
        await CreateChannelAsync("theirs");
        await Database.Refused;
        Assert.Equal(["echo", "main", "mine"], Names(page));

        Database.Fails = false;
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await App.Channels.SetEnabledAsync(Admin, (await App.Channels.ListAsync(Admin, Cancellation)).Single(c => c.Name == "echo").Id, enabled: false, Cancellation);
        page.WaitForAssertion(() => Assert.Equal(["echo", "main", "mine", "theirs"], Names(page)));
    }

    [Fact]
    public async Task To_anybody_but_an_administrator_the_page_is_not_there()
    {
        LogIn(await App.CreateActorAsync());
        var missing = false;
        Navigation.OnNotFound += (_, _) => missing = true;

        var page = Render<ChannelList>();

        Assert.True(missing);
        Assert.DoesNotContain("main", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<ChannelList> Open(string address = "channels")
    {
        Navigation.NavigateTo(address);
        var page = Render<ChannelList>();
        page.WaitForState(() => page.FindAll("input[type=search]").Count > 0);
        return page;
    }

    /// <summary>Of the page as it is opened anew: two menus are not open at once.</summary>
    private async Task<IReadOnlyList<string>> OpenMenuOfAnotherPageAsync(string name)
    {
        await Popovers.InvokeAsync(() => Popovers.FindAll(".mud-overlay").ToList().ForEach(o => o.Click()));
        return await OpenMenuAsync(Open(), name);
    }

    private static IReadOnlyList<string> Names(IRenderedComponent<IComponent> page) => [.. page.FindAll(".admin-name a").Select(n => n.TextContent)];

    private static string Row(IRenderedComponent<IComponent> page, string name) =>
        page.FindAll("tbody tr").Single(r => r.QuerySelector(".admin-name a")?.TextContent == name).TextContent;
}
