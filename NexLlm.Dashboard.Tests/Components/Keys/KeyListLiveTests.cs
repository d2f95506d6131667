using System.Reflection;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Events;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>The open list while its keys are used.</summary>
public sealed class KeyListLiveTests : ListPageTests, IClassFixture<NexLlmApp>
{
    private readonly CountedContexts _database;
    private readonly KeyChanges _changes = new();

    public KeyListLiveTests(NexLlmApp app)
        : base(app)
    {
        _database = new CountedContexts(app.Contexts);
        Services.AddSingleton(_changes);
        Services.AddSingleton(new KeyPolicyService(
            _database, app.Clock, app.Services.GetRequiredService<IOptions<ApiKeyOptions>>(), app.Services.GetRequiredService<KeyDirectory>(), _changes));
    }

    [Fact]
    public async Task Quota_last_use_and_status_move_by_themselves()
    {
        var actor = await LogInAsync();
        var key = await CreateAsync(actor, "app", limit: 1_000);
        var page = Open();
        Assert.Equal(("1K left of 1K", "Never", "Active"), Live(page));

        await UseAsync(key, 400);
        page.WaitForAssertion(() => Assert.Equal(("600 left of 1K", "Just now", "Active"), Live(page)));

        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(key, 600);
        page.WaitForAssertion(() => Assert.Equal(("0 left of 1K", "Just now", "Quota exhausted"), Live(page)));
    }

    [Fact]
    public async Task A_thousand_uses_a_second_cost_at_most_one_refresh_a_second()
    {
        var actor = await LogInAsync();
        var key = await CreateAsync(actor, "busy", limit: 1_000_000);
        var page = Open();
        var before = _database.Count;

        for (var second = 1; second <= 10; second++)
        {
            await App.UseKeyAsync(key.Id, 1_000);
            for (var use = 0; use < 1_000; use++)
            {
                Tell(key);
                App.Clock.Advance(TimeSpan.FromMilliseconds(1));
            }

            page.WaitForAssertion(() => Assert.Equal($"{TokenQuotaLeft(second)} left of 1M", Live(page).Quota));
        }

        // At the first use and after each second; the counts at the first use and after every fifth second.
        Assert.InRange(_database.Count - before, 1, 11 + 3);

        static string TokenQuotaLeft(int seconds) => $"{1_000 - seconds}K";
    }

    [Fact]
    public async Task Chips_count_anew_at_most_every_five_seconds()
    {
        var actor = await LogInAsync();
        var first = await CreateAsync(actor, "first", limit: 10);
        var second = await CreateAsync(actor, "second", limit: 10);
        var page = Open();

        await UseAsync(first, 10);
        page.WaitForAssertion(() => Assert.Equal("Quota exhausted 1", Chip(page)));
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(second, 10);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".status.bad").Count));

        App.Clock.Advance(TimeSpan.FromMilliseconds(3_999));
        Assert.Equal("Quota exhausted 1", Chip(page));
        App.Clock.Advance(TimeSpan.FromMilliseconds(1));
        page.WaitForAssertion(() => Assert.Equal("Quota exhausted 2", Chip(page)));

        static string Chip(IRenderedComponent<KeyList> page) => page.FindAll(".mud-chip").Single(c => c.TextContent.Trim().StartsWith("Quota", StringComparison.Ordinal)).TextContent.Trim();
    }

    [Fact]
    public async Task The_use_of_keys_that_the_page_does_not_show_costs_no_query()
    {
        var actor = await LogInAsync();
        var shown = await CreateAsync(actor, "shown", limit: 10);
        var elsewhere = await CreateAsync(actor, "elsewhere", limit: 10);
        var theirs = await CreateAsync(await App.CreateActorAsync(), "theirs", limit: 10);
        var page = Open("keys?q=shown");
        var (queries, renders) = (_database.Count, page.RenderCount);

        await UseAsync(elsewhere, 5);
        await UseAsync(theirs, 5);
        App.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(renders, page.RenderCount);

        // What comes after all that they would have cost.
        await UseAsync(shown, 5);
        page.WaitForAssertion(() => Assert.Equal("5 left of 10", Live(page).Quota));
        Assert.InRange(_database.Count - queries, 1, 2);
    }

    [Fact]
    public async Task A_refresh_leaves_order_selection_dialog_and_announcement_alone()
    {
        var actor = await LogInAsync();
        var older = await CreateAsync(actor, "older", limit: 10);
        await App.UseKeyAsync((await CreateAsync(actor, "newer", limit: 10)).Id, 1);
        var page = Open("keys?sort=last-used");
        Assert.Equal(["newer", "older"], Names(page));
        await TickAsync(page, "Select newer");
        Ask(page, "button", "Delete newer");
        var (said, dialog) = (page.Find("p[role=status]").TextContent, Dialogs.Find("[role=dialog]").InnerHtml);

        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(older, 10);
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".status.bad")));

        Assert.Equal(["newer", "older"], Names(page));
        Assert.True(Named(page, "input", "Select newer").HasAttribute("checked"));
        Assert.Equal((said, dialog), (page.Find("p[role=status]").TextContent, Dialogs.Find("[role=dialog]").InnerHtml));
    }

    [Fact]
    public async Task A_page_that_is_closed_listens_no_more()
    {
        var actor = await LogInAsync();
        var key = await CreateAsync(actor, "app", limit: 10);
        Open();
        Assert.Equal(1, Listeners());

        await DisposeComponentsAsync();

        Assert.Equal(0, Listeners());
        var queries = _database.Count;
        await UseAsync(key, 5);
        App.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(queries, _database.Count);
    }

    [Fact]
    public async Task A_refresh_that_fails_leaves_the_rows_as_they_are()
    {
        var actor = await LogInAsync();
        var key = await CreateAsync(actor, "app", limit: 10);
        var page = Open();

        _database.Fails = true;
        await UseAsync(key, 5);
        await _database.Refused;
        Assert.Equal(["app"], Names(page));

        _database.Fails = false;
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(key, 1);
        page.WaitForAssertion(() => Assert.Equal("4 left of 10", Live(page).Quota));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    private static (string Quota, string LastUsed, string Status) Live(IRenderedComponent<KeyList> page) =>
        (page.Find("td[data-label=Quota] .quota").TextContent, page.Find("td[data-label='Last used']").TextContent.Trim(), page.Find(".status").TextContent);

    private async Task<KeyDetails> CreateAsync(Actor actor, string name, long limit) =>
        (await App.CreateKeyAsync(actor, name, policy => policy with { TokenLimit = limit })).Key;

    private async Task UseAsync(KeyDetails key, long tokens)
    {
        await App.UseKeyAsync(key.Id, tokens);
        Tell(key);
    }

    private void Tell(KeyDetails key) => _changes.Publish(new(key.OwnerId, [key.Id], OnlyUsage: true));

    private int Listeners() => typeof(Changes<KeysChanged>).GetField("Changed", BindingFlags.Instance | BindingFlags.NonPublic)!
        .GetValue(_changes) is Action<KeysChanged> handlers ? handlers.GetInvocationList().Length : 0;
}
