using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Paging;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Keys;

public sealed class ListKeysTests(ListKeysTests.Filled filled) : IClassFixture<ListKeysTests.Filled>
{
    private static readonly string?[] _searches = [null, "a", "ap", "app", "PP", "100%", "%", "_", "e_c", "ünï", "1", "zzz", "' OR 1=1"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An account with some two hundred keys of every kind, ties included, beside another one's.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        private static readonly string[] _names = ["app", "apple", "dev", "100%", "snake_case", "Ünïcode", "appendix-PP"];

        public NexLlmApp App { get; } = new();

        public Actor Actor { get; private set; } = Actor.Machine;

        /// <summary>Every key of <see cref="Actor"/>, as the service shows each by itself.</summary>
        public IReadOnlyList<KeyDetails> All { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            Actor = await App.CreateActorAsync();
            var other = await App.CreateActorAsync();
            var random = new Random(42);
            for (var i = 0; i < 200; i++)
            {
                await AddAsync(Actor, $"{_names[random.Next(_names.Length)]} {i}", random);
                await AddAsync(other, $"other {i}", random);
            }

            App.Clock.Advance(TimeSpan.FromDays(80));
            await using var db = await App.Contexts.CreateDbContextAsync();
            var ids = await db.Set<ApiKey>().Where(k => k.OwnerId == Actor.AccountId).Select(k => k.Id).ToListAsync();
            All = [.. (await Task.WhenAll(ids.Select(id => App.Keys.FindAsync(Actor, id)))).OfType<KeyDetails>()];
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();

        private async Task AddAsync(Actor owner, string name, Random random)
        {
            // The clock often stands still between two keys, so that orders have ties.
            App.Clock.Advance(TimeSpan.FromHours(random.Next(4) == 0 ? 5 : 0));
            var now = App.Clock.GetUtcNow();
            var key = await App.CreateKeyAsync(owner, name, policy => policy with
            {
                Expiration = random.Next(3) == 0 ? Expiration.Never : new(now.AddDays(random.Next(1, 90))),
                TokenLimit = random.Next(2) == 0 ? null : random.Next(1, 3) * 100,
                Ips = random.Next(2) == 0 ? IpAllowlist.Any : Network,
            });
            if (random.Next(3) != 0)
            {
                await App.UseKeyAsync(key.Key.Id, random.Next(0, 3) * 100, now);
            }

            if (random.Next(8) == 0)
            {
                await App.Keys.SetEnabledAsync(owner, [key.Key.Id], enabled: false);
            }
        }

        private static IpAllowlist Network => IpAllowlist.TryParse("198.51.100.0/24", out var ips, out _) ? ips : throw new InvalidOperationException();
    }

    [Fact]
    public async Task Pages_walked_forwards_and_backwards_show_every_match_once_and_in_order()
    {
        var queries =
            from search in Gen.Int[0, _searches.Length - 1].Select(i => _searches[i])
            from filter in Gen.Enum<KeyFilter>()
            from sort in Gen.Enum<KeySort>()
            from down in Gen.Bool
            from size in Gen.Int[1, 60]
            select new KeyQuery(search, filter, sort, down, null, size);

        await queries.SampleAsync(async query =>
        {
            var expected = Expected(query);
            var forwards = new List<long>();
            KeyPage? page = null;
            do
            {
                page = await filled.App.Keys.ListAsync(filled.Actor, query with { Cursor = Again(page?.Next) }, Cancellation);
                forwards.AddRange(page.Keys.Select(k => k.Id));
            }
            while (page.Next is not null);

            Assert.Equal(expected, forwards);

            var backwards = new List<long>();
            page = await filled.App.Keys.ListAsync(filled.Actor, query with { Cursor = PageCursor.Last }, Cancellation);
            backwards.AddRange(page.Keys.Select(k => k.Id));
            Assert.Null(page.Next);
            while (page.Previous is not null && backwards.Count < expected.Count)
            {
                page = await filled.App.Keys.ListAsync(filled.Actor, query with { Cursor = Again(page.Previous) }, Cancellation);
                // The first page is shown full, so it may repeat what the one after it showed.
                backwards.InsertRange(0, page.Keys.Select(k => k.Id).Except(backwards));
            }

            Assert.Equal(expected, backwards);
        }, iter: 150, threads: 1);
    }

    [Fact]
    public async Task Every_chip_counts_what_it_shows_and_agrees_with_the_status_rules()
    {
        var now = filled.App.Clock.GetUtcNow();
        foreach (var search in (string?[])[null, "app", "e", "100%"])
        {
            var counts = await filled.App.Keys.CountAsync(filled.Actor, search, Cancellation);
            Assert.All(Enum.GetValues<KeyFilter>(), filter =>
                Assert.Equal(Expected(new KeyQuery(search, filter)).Count, counts[filter]));
        }

        Assert.All(
            new[] { KeyFilter.Active, KeyFilter.Disabled, KeyFilter.Expired, KeyFilter.QuotaExhausted, KeyFilter.ExpiresSoon, KeyFilter.Unused },
            filter => Assert.Contains(filled.All, key => Shows(filter, key, now)));
    }

    [SqliteOnly("It reads SQLite's plans.")]
    [Fact]
    public async Task The_list_and_its_counts_are_answered_from_the_list_index_alone()
    {
        var plans = new List<string>();
        await using var db = await filled.App.Contexts.CreateDbContextAsync(Cancellation);
        var live = db.Live(filled.Actor.AccountId!.Value);
        foreach (var filter in Enum.GetValues<KeyFilter>())
        {
            var matching = live.Where(KeyFilters.For(filter, filled.App.Clock.GetUtcNow()));
            plans.Add(await PlanAsync(db, matching.OrderByDescending(k => k.CreatedAt).ThenBy(k => k.Id).Select(k => k.Id).Take(26)));
            plans.Add(await PlanAsync(db, matching.Where(k => k.NormalizedName.Contains("PRO")).OrderBy(k => k.ExpiresAt).Select(k => k.Id).Take(26)));
        }

        Assert.All(plans, plan => Assert.Contains("COVERING INDEX IX_ApiKeys_List (OwnerId=? AND DeletedAt=?", plan, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cursor_from_an_address_that_was_tampered_with_shows_the_first_page()
    {
        foreach (var text in (string?[])["", "a", "x1~2", "a1", "a1~", "a-1~5", "b1~.§", "a99999999999999999999~1", "a1~1~1", null])
        {
            Assert.Null(PageCursor.Parse(text));
        }

        var extreme = PageCursor.Parse("a1~9223372036854775807");
        Assert.NotNull(extreme);
        await filled.App.Keys.ListAsync(filled.Actor, new KeyQuery(Cursor: extreme), Cancellation);
    }

    private static PageCursor? Again(PageCursor? cursor) => PageCursor.Parse(cursor?.ToString());

    /// <summary>What a list shows, said once more in memory.</summary>
    private List<long> Expected(KeyQuery query)
    {
        var now = filled.App.Clock.GetUtcNow();
        var search = KeyName.Normalize(query.Search ?? "");
        var found = filled.All
            .Where(k => Shows(query.Filter, k, now))
            .Where(k => search.Length > 2
                ? KeyName.Normalize(k.Name).Contains(search, StringComparison.Ordinal)
                : KeyName.Normalize(k.Name).StartsWith(search, StringComparison.Ordinal))
            .ToList();
        found.Sort((a, b) =>
        {
            var order = query.Sort switch
            {
                KeySort.Name => CompareText(KeyName.Normalize(a.Name), KeyName.Normalize(b.Name)),
                KeySort.Created => a.CreatedAt.CompareTo(b.CreatedAt),
                KeySort.LastUsed => Nullable.Compare(a.LastUsedAt, b.LastUsedAt),
                _ => (a.Policy.Expiration.At ?? DateTimeOffset.MaxValue).CompareTo(b.Policy.Expiration.At ?? DateTimeOffset.MaxValue),
            };
            order = order == 0 ? a.Id.CompareTo(b.Id) : order;
            return query.Descending ? -order : order;
        });
        return [.. found.Select(k => k.Id)];
    }

    /// <summary>SQLite compares text by its UTF-8 bytes.</summary>
    private static int CompareText(string a, string b) =>
        System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b));

    private static bool Shows(KeyFilter filter, KeyDetails key, DateTimeOffset now) => filter switch
    {
        KeyFilter.All => true,
        KeyFilter.Active => key.StatusAt(now) is KeyStatus.Active,
        KeyFilter.Disabled => key.StatusAt(now) is KeyStatus.Disabled,
        KeyFilter.Expired => key.StatusAt(now) is KeyStatus.Expired,
        KeyFilter.QuotaExhausted => key.StatusAt(now) is KeyStatus.QuotaExhausted,
        KeyFilter.ExpiresSoon => key.ExpiresSoonAt(now),
        KeyFilter.NeverExpires => key.Policy.Expiration.IsNever,
        KeyFilter.Unlimited => key.Policy.TokenLimit is null,
        KeyFilter.AnyIp => key.Policy.Ips.IsUnrestricted,
        KeyFilter.Unused => (key.LastUsedAt ?? key.CreatedAt) <= now.AddDays(-90),
    };

    private static async Task<string> PlanAsync(DbContext db, IQueryable<long> query)
    {
        await db.Database.OpenConnectionAsync(Cancellation);
        await using var command = query.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var reader = (SqliteDataReader)await command.ExecuteReaderAsync(Cancellation);
        var lines = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            lines.Add(reader.GetString(3));
        }

        return string.Join("; ", lines);
    }
}
