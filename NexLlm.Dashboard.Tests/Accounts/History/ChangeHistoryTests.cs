using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.History;

public sealed class ChangeHistoryTests : IAsyncDisposable
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private readonly NexLlmApp _app = new();

    private ChangeHistory History => _app.Services.GetRequiredService<ChangeHistory>();

    [Fact]
    public async Task An_owner_sees_what_happened_to_the_own_account_and_keys_and_nothing_of_others()
    {
        var (ada, bob, root) = await PeopleAsync();
        var key = (await _app.CreateKeyAsync(ada, "production")).Key;
        await _app.CreateKeyAsync(bob, "theirs");
        await _app.Keys.SetEnabledAsync(root, [key.Id], enabled: false, _cancellation);
        await _app.Services.GetRequiredService<AccountQuotas>().ChangeAsync(root, ada.AccountId!.Value, new AccountQuotaChange.Add(5), _cancellation);

        Assert.Equal(
            [AuditActions.AccountQuotaGranted, AuditActions.KeyDisabled, AuditActions.KeyCreated], Actions(await History.SearchAsync(ada, new(), _cancellation)));
        Assert.Equal(4, (await History.SearchAsync(root, new(), _cancellation)).Rows.Count);
        Assert.Empty((await History.SearchAsync(bob, new AuditQuery(KeyId: key.Id), _cancellation)).Rows);
        Assert.Empty((await History.SearchAsync(bob, new AuditQuery(AccountId: ada.AccountId), _cancellation)).Rows);
    }

    [Fact]
    public async Task An_owner_learns_that_an_administrator_did_it_but_not_which_nor_from_where()
    {
        var (ada, _, root) = await PeopleAsync();
        var key = (await _app.CreateKeyAsync(ada, "production")).Key;
        await _app.Keys.SetEnabledAsync(root with { Address = new IPAddress([203, 0, 113, 9]) }, [key.Id], enabled: false, _cancellation);

        var seen = (await History.SearchAsync(ada, new(), _cancellation)).Rows;
        Assert.Equal((new HistoryActor.Administrator(), null), (seen[0].By, seen[0].Address));
        Assert.Equal((new HistoryActor.You(), "127.0.0.1"), (seen[1].By, seen[1].Address));

        var known = (await History.SearchAsync(root, new(), _cancellation)).Rows;
        Assert.Equal((new HistoryActor.You(), "203.0.113.9"), (known[0].By, known[0].Address));
        Assert.Equal(new HistoryActor.Person(new AccountName(ada.AccountId!.Value, "ada@example.com")), known[1].By);
        Assert.Equal(new AccountName(ada.AccountId!.Value, "ada@example.com"), known[1].Subject);
    }

    [Fact]
    public async Task Who_is_not_logged_in_is_told_from_the_system()
    {
        var (_, _, root) = await PeopleAsync();
        using var visitor = new AccountVisitor(_app);
        await visitor.LogInAsync("ada@example.com", "a wrong password of hers");
        await _app.Services.GetRequiredService<AccountQuotas>().GrantAsync(Actor.Machine, "ada@example.com", 5, _cancellation);

        var seen = (await History.SearchAsync(root, new(), _cancellation)).Rows;

        Assert.Equal(
            [(AuditActions.AccountQuotaGranted, new HistoryActor.Program()), (AuditActions.AccountLogInRefused, (HistoryActor)new HistoryActor.Visitor())],
            seen.Select(e => (e.Action, e.By)));
    }

    [Fact]
    public async Task Each_filter_leaves_exactly_what_it_says()
    {
        var (ada, bob, root) = await PeopleAsync();
        var key = (await _app.CreateKeyAsync(ada, "one")).Key;
        var other = (await _app.CreateKeyAsync(bob, "two")).Key;
        _app.Clock.Advance(TimeSpan.FromHours(1));
        await _app.Keys.SetEnabledAsync(root, [key.Id], enabled: false, _cancellation);
        _app.Clock.Advance(TimeSpan.FromHours(1));
        await _app.Keys.DeleteAsync(bob, [other.Id], _cancellation);

        await ShowsAsync(new AuditQuery(KeyId: key.Id), AuditActions.KeyDisabled, AuditActions.KeyCreated);
        await ShowsAsync(new AuditQuery(Actions: [AuditActions.KeyDeleted, AuditActions.KeyDisabled]), AuditActions.KeyDeleted, AuditActions.KeyDisabled);
        await ShowsAsync(new AuditQuery(AccountId: bob.AccountId), AuditActions.KeyDeleted, AuditActions.KeyCreated);
        await ShowsAsync(new AuditQuery(AccountId: root.AccountId), AuditActions.KeyDisabled);
        await ShowsAsync(new AuditQuery(From: NexLlmApp.Start.AddHours(1), To: NexLlmApp.Start.AddHours(2)), AuditActions.KeyDisabled);
        await ShowsAsync(new AuditQuery(From: NexLlmApp.Start.AddHours(2)), AuditActions.KeyDeleted);
        await ShowsAsync(new AuditQuery(To: NexLlmApp.Start));
        await ShowsAsync(new AuditQuery(Actions: []));

        async Task ShowsAsync(AuditQuery query, params string[] expected) => Assert.Equal(expected, Actions(await History.SearchAsync(root, query, _cancellation)));
    }

    [Fact]
    public async Task What_an_account_did_and_what_was_done_to_it_are_told_apart_and_together_walk_as_one()
    {
        var (ada, _, root) = await PeopleAsync();
        var id = root.AccountId!.Value;
        var key = (await _app.CreateKeyAsync(ada, "theirs")).Key;
        for (var n = 0; n < 7; n++)
        {
            await _app.Keys.SetEnabledAsync(root, [key.Id], enabled: n % 2 == 1, _cancellation);
            await _app.CreateKeyAsync(root, $"own-{n}");
            await _app.Services.GetRequiredService<AccountQuotas>().GrantAsync(Actor.Machine, await EmailAsync(root), 1, _cancellation);
        }

        Assert.Equal(14, (await WalkAsync(AccountPart.Actor)).Count);
        Assert.Equal(14, (await WalkAsync(AccountPart.Subject)).Count);
        var either = await WalkAsync(AccountPart.Any);
        Assert.Equal(21, either.Count);
        Assert.Equal(either, either.OrderDescending().Distinct());
        Assert.Equal(14, (await History.SearchAsync(root, new AuditQuery(AccountId: id, Actions: [AuditActions.KeyCreated, AuditActions.AccountQuotaGranted]), _cancellation)).Rows.Count);

        async Task<List<long>> WalkAsync(AccountPart part)
        {
            List<long> forth = [], back = [];
            for (PageCursor? cursor = null; ;)
            {
                var page = await History.SearchAsync(root, new AuditQuery(AccountId: id, Part: part, Cursor: cursor, PageSize: 4), _cancellation);
                forth.AddRange(page.Rows.Select(e => e.Id));
                if ((cursor = page.Next) is null)
                {
                    break;
                }
            }

            for (var cursor = PageCursor.Last; cursor is not null;)
            {
                var page = await History.SearchAsync(root, new AuditQuery(AccountId: id, Part: part, Cursor: cursor, PageSize: 4), _cancellation);
                back.InsertRange(0, page.Rows.Select(e => e.Id).Where(e => !back.Contains(e)));
                cursor = page.Previous;
            }

            Assert.Equal(forth, back);
            return forth;
        }
    }

    [Fact]
    public async Task Every_event_stands_on_one_page_whichever_way_one_walks_while_others_happen()
    {
        var (ada, _, _) = await PeopleAsync();
        for (var n = 0; n < 23; n++)
        {
            await _app.CreateKeyAsync(ada, $"key-{n}");
        }

        List<long> forth = [], back = [];
        PageCursor? cursor = null;
        do
        {
            var page = await History.SearchAsync(ada, new AuditQuery(Cursor: cursor, PageSize: 5), _cancellation);
            forth.AddRange(page.Rows.Select(e => e.Id));
            await _app.CreateKeyAsync(ada, $"meanwhile-{forth.Count}");
            cursor = PageCursor.Parse(page.Next?.ToString());
        }
        while (cursor is not null);

        for (cursor = PageCursor.Last; cursor is not null;)
        {
            var page = await History.SearchAsync(ada, new AuditQuery(Cursor: cursor, PageSize: 5), _cancellation);
            back.InsertRange(0, page.Rows.Select(e => e.Id).Where(id => !back.Contains(id)));
            cursor = PageCursor.Parse(page.Previous?.ToString());
        }

        Assert.Equal(23, forth.Count);
        Assert.Equal(forth, forth.OrderDescending().Distinct());
        Assert.Equal(28, back.Count);
        Assert.Equal(back, back.OrderDescending());
    }

    [Fact]
    public async Task What_changed_is_read_back_field_by_field()
    {
        var (ada, _, _) = await PeopleAsync();
        var key = (await _app.CreateKeyAsync(ada, "before")).Key;
        await _app.Keys.EditAsync(ada, new EditKey(key.Id, key.Version, Name: "after", Quota: new QuotaChange.SetLimit(7)), _cancellation);

        var edit = (await History.SearchAsync(ada, new(), _cancellation)).Rows[0];

        Assert.Equal(
            [("name", "\"before\"", "\"after\""), ("tokenLimit", "null", "7")], edit.Changes.Select(c => (c.Field, c.Before.GetRawText(), c.After.GetRawText())));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<(Actor Ada, Actor Bob, Actor Root)> PeopleAsync() =>
        (await _app.CreateActorAsync("ada@example.com"), await _app.CreateActorAsync("bob@example.com"), await _app.CreateActorAsync(administrator: true));

    private async Task<string> EmailAsync(Actor actor) => (await _app.Services.GetRequiredService<AccountService>().GetAsync(actor, _cancellation)).Email;

    private static IEnumerable<string> Actions(Page<HistoryEntry> page) => page.Rows.Select(e => e.Action);
}
