using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
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

        Assert.Equal(
            ["Disable echo", "Disable mine", "Delete mine"],
            page.FindAll("td.actions button").Select(b => b.GetAttribute("aria-label")));
        Assert.Contains("From configuration", Row(page, "main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switching_off_says_first_whose_keys_it_breaks_and_does_nothing_until_confirmed()
    {
        var channel = await CreateChannelAsync("mine");
        await App.CreateKeyAsync(await App.CreateActorAsync("ada@example.com"), "night-job", p => p with { Models = ModelRestriction.Only(["fresh"]) });
        await App.CreateKeyAsync(await App.CreateActorAsync(), "free");
        var page = Open();

        await page.InvokeAsync(() => page.PressAsync("Disable mine"));
        page.WaitForAssertion(() => Assert.Contains("night-job (ada@example.com)", Dialog(page), StringComparison.Ordinal));
        Assert.Contains("1 key without model restrictions may be using it", Dialog(page), StringComparison.Ordinal);
        Assert.Contains("1 key is restricted to these models", Dialog(page), StringComparison.Ordinal);
        Assert.Contains("No group would serve fresh", Dialog(page), StringComparison.Ordinal);
        Assert.True((await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.IsEnabled);

        await page.InvokeAsync(() => page.PressAsync("Disable channel"));
        page.WaitForAssertion(() => Assert.Contains("Disabled", Row(page, "mine"), StringComparison.Ordinal));
        Assert.False((await App.Channels.FindAsync(Admin, channel.Id, Cancellation))!.IsEnabled);
    }

    [Fact]
    public async Task Search_and_order_stand_in_the_address()
    {
        await CreateChannelAsync("another");
        Assert.Equal(["another"], Names(Open("channels?q=FRESH")));
        Assert.Equal(["main", "echo", "another"], Names(Open("channels?dir=desc")));

        var page = Open("channels?q=nothing-like-it");
        Assert.Equal("No matching channels", page.Find("section h2").TextContent);
        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync("echo"));
        await page.InvokeAsync(() => page.Find("input[type=search]").ChangeAsync("echo"));
        Assert.EndsWith("/channels?q=echo", Navigation.Uri, StringComparison.Ordinal);
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
        await page.InvokeAsync(() => page.PressAsync("Delete mine"));
        Database.Fails = true;
        await page.InvokeAsync(() => page.FindAll("dialog button").Single(b => b.TextContent == "Delete channel").ClickAsync());

        page.WaitForAssertion(() => Assert.Contains("Couldn't complete this action.", Dialog(page), StringComparison.Ordinal));
        Assert.NotNull(await App.Channels.FindAsync(Admin, channel.Id, Cancellation));
    }

    [Fact]
    public async Task Switching_on_that_fails_is_said_and_leaves_the_page_as_it_was()
    {
        var channel = await CreateChannelAsync("mine");
        await App.Channels.SetEnabledAsync(Admin, channel.Id, enabled: false, Cancellation);
        var page = Open();
        Database.Fails = true;
        await page.InvokeAsync(() => page.PressAsync("Enable mine"));
        page.WaitForAssertion(() => Assert.Contains("Couldn't complete this action.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Contains("Disabled", Row(page, "mine"), StringComparison.Ordinal);

        Database.Fails = false;
        await page.InvokeAsync(() => page.PressAsync("Enable mine"));
        page.WaitForAssertion(() => Assert.Contains("Enabled", Row(page, "mine"), StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[role=alert]"));
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
        page.WaitForState(() => page.FindAll(".key-tools").Count > 0);
        return page;
    }

    private static IReadOnlyList<string> Names(IRenderedComponent<IComponent> page) => [.. page.FindAll(".key-name").Select(n => n.TextContent)];

    private static string Row(IRenderedComponent<IComponent> page, string name) =>
        page.FindAll("tbody tr").Single(r => r.QuerySelector(".key-name")!.TextContent == name).TextContent;

    private static string Dialog(IRenderedComponent<IComponent> page) => string.Join(' ', page.Find("dialog").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
