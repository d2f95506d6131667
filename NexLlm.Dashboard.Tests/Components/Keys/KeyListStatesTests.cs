using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Layout;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>The list before a database that is slow, fails, or has ended the person's login.</summary>
public sealed class KeyListStatesTests : ListPageTests, IClassFixture<NexLlmApp>
{
    private readonly Unreliable _database;

    public KeyListStatesTests(NexLlmApp app)
        : base(app)
    {
        _database = new Unreliable(app.Contexts);
        Services.AddSingleton(new KeyPolicyService(
            _database, app.Clock, app.Services.GetRequiredService<IOptions<ApiKeyOptions>>(),
            app.Services.GetRequiredService<KeyDirectory>(), app.Services.GetRequiredService<KeyChanges>()));
    }

    [Fact]
    public async Task A_load_that_takes_longer_than_a_tenth_of_a_second_shows_that_it_waits()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");
        var page = Open();
        _database.Hold();

        Navigation.NavigateTo("keys?sort=name");
        App.Clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(["one"], Names(page));
        await WaitForTimerAsync(page);

        Assert.Empty(Names(page));
        _database.Release();
        page.WaitForAssertion(() => Assert.Equal(["one"], Names(page)));
        Assert.Empty(page.FindAll("[aria-label='Loading your keys']"));
    }

    [Fact]
    public async Task A_search_that_waits_for_its_answer_is_not_taken_back_by_a_rendering_meanwhile()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");
        await App.CreateKeyAsync(actor, "two");
        var page = Open();
        _database.Hold();

        await page.Find("input[type=search]").InputAsync("two");
        var searching = page.Find("input[type=search]").KeyDownAsync("Enter");
        page.Render();
        _database.Release();
        await searching;

        page.WaitForAssertion(() => Assert.EndsWith("/keys?q=two", Navigation.Uri, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal(["two"], Names(page)));
        Assert.Equal("two", page.Find("input[type=search]").GetAttribute("value"));
    }

    [Fact]
    public async Task A_failure_is_told_calmly_and_can_be_tried_again()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");
        _database.Fails = true;

        Navigation.NavigateTo("keys");
        var page = Render<KeyList>();

        Assert.Equal("Couldn't load your keys", page.Find("[role=alert] h2").TextContent);
        Assert.DoesNotContain(Unreliable.Reason, page.Markup, StringComparison.Ordinal);

        _database.Fails = false;
        await ClickAsync(page, "button", "Try again");

        page.WaitForAssertion(() => Assert.Equal(["one"], Names(page)));
    }

    [Fact]
    public async Task A_delete_that_fails_says_that_nothing_was_deleted()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");
        var page = Open();
        Ask(page, "button", "Delete one");

        _database.Fails = true;
        await AnswerAsync("Delete");

        Assert.StartsWith("Couldn't delete the key", Dialogs.Find("[role=dialog] [role=alert]").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_could_not_be_disabled_stays_as_it_is_and_the_person_is_told()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");
        var page = Open();
        await ClickAsync(page, "button", "More actions for one");

        _database.Fails = true;
        await ClickAsync(page, "#key-menu button", "Disable");

        page.WaitForAssertion(() => Assert.Equal(["Couldn't disable one. Try again."], Said));
        Assert.Equal("Active", page.Find(".status").TextContent);
    }

    [Fact]
    public async Task A_login_that_ends_while_the_list_is_open_leads_there_at_the_next_action()
    {
        var actor = await LogInAsync();
        await App.CreateKeyAsync(actor, "one");
        Navigation.NavigateTo("keys");
        var page = Render<PageErrorBoundary>(boundary => boundary.AddChildContent<KeyList>());
        page.WaitForState(() => page.FindAll(".mud-chip strong").All(count => count.TextContent.Length > 0));
        await EndAsync(actor);

        await ClickAsync(page, "button", "More actions for one");
        await ClickAsync(page, "#key-menu button", "Disable");

        page.WaitForAssertion(() => Assert.EndsWith("/account/login?returnUrl=%2Fkeys", Navigation.Uri, StringComparison.Ordinal));
    }

    /// <summary>Moves the clock over the tenth of a second, once the load has set the timer for it.</summary>
    private async Task WaitForTimerAsync(IRenderedComponent<KeyList> page)
    {
        App.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await page.WaitForAssertionAsync(() => page.Find("[aria-label='Loading your keys'][role=status]"));
    }

    private async Task EndAsync(NexLlm.Dashboard.Access.Actor actor)
    {
        await using var db = await App.Contexts.CreateDbContextAsync(Cancellation);
        await using var transaction = await db.BeginWriteAsync(Cancellation);
        await db.Database.ExecuteSqlAsync($"UPDATE Sessions SET EndedAt = 0 WHERE Id = {actor.SessionId}", Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    private sealed class Unreliable(IDbContextFactory<NexLlmDbContext> contexts) : IDbContextFactory<NexLlmDbContext>
    {
        public const string Reason = "disk I/O error at 0xBADF00D";

        private TaskCompletionSource _held = Released();

        public bool Fails { get; set; }

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held.TrySetResult();

        public NexLlmDbContext CreateDbContext() => contexts.CreateDbContext();

        public async Task<NexLlmDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            await _held.Task;
            return Fails ? throw new InvalidOperationException(Reason) : await contexts.CreateDbContextAsync(cancellationToken);
        }

        private static TaskCompletionSource Released()
        {
            var released = new TaskCompletionSource();
            released.SetResult();
            return released;
        }
    }
}
