using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Paging;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Administration;

public sealed class AccountListTests : IAsyncDisposable
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private readonly NexLlmApp _app = new();

    private AccountList List => _app.Services.GetRequiredService<AccountList>();

    public static TheoryData<AccountSort, bool> Orders =>
        [.. from sort in Enum.GetValues<AccountSort>() from down in new[] { false, true } select (sort, down)];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Every_order_shows_each_account_once_from_either_end(AccountSort sort, bool descending)
    {
        var root = await ArrangeAsync(23);
        var query = new AccountQuery(Sort: sort, Descending: descending, PageSize: 5);

        var forth = await WalkAsync(root, query, page => page.Next);
        var back = await WalkAsync(root, query with { Cursor = PageCursor.Last }, page => page.Previous);

        Assert.Equal(24, forth.Count);
        Assert.Equal(24, forth.Select(a => a.Id).Distinct().Count());
        Assert.Equal(forth.Select(a => a.Id).Order(), back.Select(a => a.Id).Order());
        Comparison<AccountDetails> compare = sort switch
        {
            AccountSort.Email => (a, b) => string.CompareOrdinal(a.Email.ToUpperInvariant(), b.Email.ToUpperInvariant()),
            AccountSort.Used => (a, b) => a.UsedTokens.CompareTo(b.UsedTokens),
            AccountSort.LastSeen => (a, b) => Nullable.Compare(a.LastSeenAt, b.LastSeenAt),
            AccountSort.Created => (a, b) => a.CreatedAt.CompareTo(b.CreatedAt),
        };
        Assert.All(forth.Zip(forth.Skip(1)), pair => Assert.True(Math.Sign(compare(pair.First, pair.Second)) * (descending ? -1 : 1) <= 0));
    }

    [Theory]
    [InlineData("ADA", "ada@example.com")]
    [InlineData("a_b", "a_b@example.com")]
    [InlineData("50%", "50%@example.com")]
    public async Task A_search_takes_every_character_as_it_is(string search, string found)
    {
        var root = await _app.CreateActorAsync("root@example.com", administrator: true);
        foreach (var email in (string[])["ada@example.com", "a_b@example.com", "axb@example.com", "50%@example.com", "500@example.com"])
        {
            await _app.CreateActorAsync(email);
        }

        var page = await List.ListAsync(root, new AccountQuery(search), _cancellation);

        Assert.Equal([found], page.Rows.Select(a => a.Email));
        Assert.Equal(1, (await List.CountAsync(root, search, _cancellation))[AccountFilter.All]);
    }

    [Fact]
    public async Task Each_chip_counts_what_it_shows()
    {
        var root = await _app.CreateActorAsync("root@example.com", administrator: true, tokenLimit: null);
        var spent = await _app.CreateActorAsync("nothing-left@example.com", tokenLimit: 100);
        await _app.SpendAsync(spent, (await _app.CreateKeyAsync(spent, "key")).Key.Id, 100);
        await _app.CreateActorAsync("without-quota@example.com", tokenLimit: 0);
        var off = await _app.CreateActorAsync("off@example.com");
        await _app.Services.GetRequiredService<AccountAccess>().SetEnabledAsync(root, off.AccountId!.Value, enabled: false, _cancellation);

        var counts = await List.CountAsync(root, null, _cancellation);

        Assert.Equal((4, 1, 1, 1), (counts[AccountFilter.All], counts[AccountFilter.Administrators], counts[AccountFilter.Exhausted], counts[AccountFilter.Disabled]));
        foreach (var (filter, email) in new[] { (AccountFilter.Administrators, "root"), (AccountFilter.Exhausted, "nothing-left"), (AccountFilter.Disabled, "off") })
        {
            var page = await List.ListAsync(root, new AccountQuery(Filter: filter), _cancellation);
            Assert.Equal([$"{email}@example.com"], page.Rows.Select(a => a.Email));
        }
    }

    [Fact]
    public async Task An_account_was_last_seen_when_the_latest_of_its_logins_was()
    {
        var root = await _app.CreateActorAsync("root@example.com", administrator: true);
        var made = await _app.SignUpAsync("ada@example.com");
        _app.Clock.Advance(TimeSpan.FromHours(2));
        using var visitor = new AccountVisitor(_app);
        await visitor.LogInAsync("ada@example.com");

        var ada = await List.FindAsync(root, made.AccountId, _cancellation);

        Assert.Equal((NexLlmApp.Start.AddHours(2), NexLlmApp.Start), (ada!.LastSeenAt!.Value, ada.CreatedAt));
        Assert.Null(await List.FindAsync(root, long.MaxValue, _cancellation));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Accounts in no order, several with the same value of everything but the address, and an administrator.</summary>
    private async Task<Actor> ArrangeAsync(int accounts)
    {
        for (var n = 0; n < accounts; n++)
        {
            var actor = await _app.CreateActorAsync($"person-{n * 7 % accounts:00}@example.com");
            await using var db = await _app.Contexts.CreateDbContextAsync(_cancellation);
            await db.Users.Where(a => a.Id == actor.AccountId)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedTokens, n % 4 * 100), _cancellation);
            if (n % 5 == 0)
            {
                await db.Set<LoginSession>().Where(s => s.Id == actor.SessionId).ExecuteDeleteAsync(_cancellation);
            }

            _app.Clock.Advance(TimeSpan.FromMinutes(n % 3));
        }

        return await _app.CreateActorAsync("root@example.com", administrator: true);
    }

    private async Task<List<AccountDetails>> WalkAsync(Actor root, AccountQuery query, Func<Page<AccountDetails>, PageCursor?> onward)
    {
        List<AccountDetails> seen = [];
        for (var cursor = query.Cursor; ;)
        {
            // A cursor goes through the address of a page.
            var page = await List.ListAsync(root, query with { Cursor = PageCursor.Parse(cursor?.ToString()) }, _cancellation);
            // The first page, reached backwards, is filled up with what was seen already.
            seen.AddRange(page.Rows.ExceptBy(seen.Select(a => a.Id), a => a.Id));
            if ((cursor = onward(page)) is null)
            {
                return seen;
            }
        }
    }
}
