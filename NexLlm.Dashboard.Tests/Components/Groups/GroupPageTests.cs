using Bunit;
using NexLlm.Dashboard.Components.Groups;
using NexLlm.Dashboard.Tests.Components.Channels;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Groups;

public sealed class GroupPageTests : AdministrationPageTests
{
    [Fact]
    public async Task A_group_is_made_with_an_exact_ratio_and_shows_what_it_would_serve()
    {
        var channel = await CreateChannelAsync("mine");
        var page = Render<GroupPage>();
        await page.TypeAsync("Name", "economy");
        await page.TypeAsync("Ratio", "0.333333");
        Assert.Contains("No models available", page.Markup, StringComparison.Ordinal);
        await ClickAsync(page, ".mud-chip", "mine");
        Assert.Contains("Available models: fresh", page.Markup, StringComparison.Ordinal);
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Matches("/groups/[0-9]+$", Navigation.Uri));
        var made = (await App.Groups.ListAsync(Admin, Cancellation)).Single(g => g.Name == "economy");
        Assert.Equal((333_333, true), (made.RatioMillionths, made.IsEnabled));
        Assert.Equal([channel.Id], made.Channels.Select(c => c.Id));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.0000001")]
    [InlineData("0,5")]
    [InlineData("")]
    public async Task A_wrong_ratio_is_told_and_nothing_saved(string ratio)
    {
        var page = Render<GroupPage>();
        await page.TypeAsync("Name", "economy");
        await page.TypeAsync("Ratio", ratio);
        await page.InvokeAsync(page.SubmitAsync);

        Assert.Contains("such as 0.5", page.Error("ratio"), StringComparison.Ordinal);
        Assert.Single(await App.Groups.ListAsync(Admin, Cancellation));
    }

    [Fact]
    public async Task A_group_with_keys_is_not_deleted_and_says_which_they_are()
    {
        var group = await App.CreateGroupAsync(Admin, "economy");
        var owner = await App.CreateActorAsync("ada@example.com");
        var key = await App.CreateKeyAsync(owner, "bound", p => p with { GroupId = group.Id });
        var page = Open(group.Id);
        await page.InvokeAsync(() => page.PressAsync("Delete group"));
        page.WaitForAssertion(() => Assert.Contains("it has 1 key (bound of ada@example.com).", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        await App.Keys.DeleteAsync(owner, [key.Key.Id], Cancellation);
        await page.InvokeAsync(() => page.PressAsync("Delete group"));
        page.WaitForAssertion(() => Assert.Contains("can be restored until 2 Mar 2040, 12:00:00 UTC", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.NotNull(await App.Groups.FindAsync(Admin, group.Id, Cancellation));
    }

    [Fact]
    public async Task A_key_that_came_while_the_person_was_asked_keeps_the_group()
    {
        var group = await App.CreateGroupAsync(Admin, "economy");
        var page = Open(group.Id);
        Ask(page, "button", "Delete group");
        await App.CreateKeyAsync(await App.CreateActorAsync(), "late", p => p with { GroupId = group.Id });
        await AnswerAsync("Delete group");

        page.WaitForAssertion(() => Assert.Contains("it has 1 key (late of", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.NotNull(await App.Groups.FindAsync(Admin, group.Id, Cancellation));
    }

    [Fact]
    public async Task A_group_that_serves_nothing_says_so()
    {
        var group = await App.CreateGroupAsync(Admin, "empty");

        Assert.Equal("No models", Open(group.Id).Find(".status").TextContent);
    }

    [Fact]
    public async Task The_default_group_has_a_fixed_name_fixed_members_of_the_configuration_and_no_switch()
    {
        var page = Open(await App.DefaultGroupAsync());

        Assert.True(page.Field("Name").HasAttribute("disabled"));
        var (main, echo) = ("main · from configuration", "echo");
        Assert.Throws<MissingEventHandlerException>(() => Named(page, ".mud-chip", main).Click());
        await page.InvokeAsync(() => Named(page, ".mud-chip", echo).Click());
        Assert.Equal("false", Named(page, ".mud-chip", echo).GetAttribute("aria-pressed"));
        Assert.Contains("mud-chip-selected", Named(page, ".mud-chip", main).ClassList);
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Trim() is "Disable" or "Delete group");
    }

    [Fact]
    public async Task Of_two_editors_the_second_sees_what_the_first_changed()
    {
        var group = await App.CreateGroupAsync(Admin, "economy");
        var page = Open(group.Id);
        await App.Groups.UpdateAsync(Admin, group.Id, group.Version, group.Settings() with { Description = "Theirs" }, Cancellation);
        await page.TypeAsync("Ratio", "0.5");
        await page.InvokeAsync(page.SubmitAsync);

        page.WaitForAssertion(() => Assert.Equal("This group was changed in another session", page.Find("#conflict").TextContent));
        Assert.Equal(["Description", "", "Theirs"], page.FindAll(".conflict tbody tr").Single().Children.Select(c => c.TextContent));
        Assert.Equal(1m, (await App.Groups.FindAsync(Admin, group.Id, Cancellation))!.Ratio);
    }

    private IRenderedComponent<GroupPage> Open(long id)
    {
        var page = Render<GroupPage>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForState(() => page.FindAll("h1").Count > 0);
        return page;
    }
}
