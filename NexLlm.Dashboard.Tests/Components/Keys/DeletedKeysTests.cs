using Bunit;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class DeletedKeysTests(NexLlmApp app) : ListPageTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task Who_deleted_nothing_is_told_so()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "live");

        var page = Render<DeletedKeys>();

        Assert.Equal("Nothing to restore", page.Find("h2").TextContent);
        Assert.Empty(page.FindAll("table"));
    }

    [Fact]
    public async Task A_deleted_key_says_when_it_was_deleted_and_how_much_time_is_left()
    {
        await DeletedAsync("leaked");
        App.Clock.Advance(TimeSpan.FromHours(3));

        var page = Render<DeletedKeys>();

        Assert.Equal(["leaked"], Names(page));
        Assert.Equal("3h ago", page.Find("[data-label=Deleted]").TextContent.Trim());
        Assert.Equal("21 hours", page.Find("[data-label='Time left']").TextContent.Trim());
    }

    [Fact]
    public async Task Restore_brings_the_key_back_and_takes_it_off_the_page()
    {
        var (actor, id) = await DeletedAsync("leaked");
        var page = Render<DeletedKeys>();

        await ClickAsync(page, "button", "Restore leaked");

        Assert.NotNull(await App.Keys.FindAsync(actor, id, Cancellation));
        Assert.Equal(["leaked restored. The secret is unchanged."], Said);
        page.WaitForAssertion(() => Assert.Equal("Nothing to restore", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task A_key_whose_time_is_over_leaves_the_page_by_itself()
    {
        await DeletedAsync("leaked");
        var page = Render<DeletedKeys>();
        Assert.Equal(["leaked"], Names(page));

        App.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));

        page.WaitForAssertion(() => Assert.Equal("Nothing to restore", page.Find("h2").TextContent));
    }

    [Fact]
    public async Task Anothers_deleted_keys_do_not_exist_here_not_even_for_an_administrator()
    {
        var owner = await App.CreateActorAsync();
        await App.Keys.DeleteAsync(owner, [(await App.CreateKeyAsync(owner, "theirs")).Key.Id], Cancellation);
        await LogInAsync(administrator: true);

        Assert.Empty(Render<DeletedKeys>().FindAll("table"));
    }

    private async Task<(NexLlm.Dashboard.Access.Actor Actor, long Id)> DeletedAsync(string name)
    {
        var actor = await LogInAsync();
        var id = (await App.CreateKeyAsync(actor, name)).Key.Id;
        await App.Keys.DeleteAsync(actor, [id], Cancellation);
        return (actor, id);
    }
}
