using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Postgres;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>The roll-up on a real server: written in somebody's transaction, and read by slots of periods.</summary>
public sealed class PostgresUsageTests
{
    private static readonly UsageSums _sums = new(1, 10, 5, 15, 1);
    private static readonly StoredPeriod[] _periods = [new(0, 60, 0), new(0, 30, 3_600_000), new(1, 60, 7_200_000), new(2, 60, 10_800_000)];

    [Fact]
    public async Task Usage_of_models_is_added_up_by_slot()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var connection = database.Connect();
        Write(connection, store =>
        {
            store.Add(new ModelUsageKey(60, 0, 1, "a"), _sums);
            store.Add(new ModelUsageKey(30, 3_600_000, 1, "a"), _sums);
            store.Add(new ModelUsageKey(60, 7_200_000, 1, "b"), _sums);
            store.Add(new ModelUsageKey(60, 7_200_000, 2, "c"), _sums);
            store.Add(new ModelUsageKey(30, 7_200_000, 1, "d"), _sums);
        });
        using var reader = new PostgresUsageReader(connection);
        var found = new Dictionary<(int, string), UsageSums>();

        reader.ReadModels(_periods, 1, (int slot, string model, in UsageSums sums) => found.AddTo((slot, model), sums));

        Assert.Equal([(0, "a", 30L), (1, "b", 15L)], found.Select(f => (f.Key.Item1, f.Key.Item2, f.Value.ChargedTokens)).Order());
        Assert.Equal(new UsageSums(2, 20, 10, 30), found[(0, "a")]);
    }

    [Fact]
    public async Task Usage_of_keys_is_read_for_one_account_or_all_and_for_chosen_keys()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var connection = database.Connect();
        Write(connection, store =>
        {
            store.Add(new KeyUsageKey(60, 0, 1, 10), _sums);
            store.Add(new KeyUsageKey(60, 7_200_000, 1, 10), _sums);
            store.Add(new KeyUsageKey(60, 10_800_000, 2, 20), _sums);
        });
        using var reader = new PostgresUsageReader(connection);
        using var chosen = new PostgresKeyUsageReader(connection, [(2, 20), (1, 11), (1, 10)]);
        var (all, own, places) = (new List<(int, long, long)>(), new List<(int, long, long)>(), new List<(int, int, long)>());

        reader.ReadKeys(_periods, null, (int slot, (long AccountId, long KeyId) key, in UsageSums sums) => all.Add((slot, key.KeyId, sums.ChargedTokens)));
        reader.ReadKeys(_periods, 2, (int slot, (long AccountId, long KeyId) key, in UsageSums sums) => own.Add((slot, key.KeyId, sums.ChargedTokens)));
        chosen.Read(_periods, (int slot, int key, in UsageSums sums) => places.Add((slot, key, sums.ChargedTokens)));

        Assert.Equal([(0, 10, 15), (1, 10, 15), (2, 20, 15)], all.Order());
        Assert.Equal([(2, 20, 15)], own);
        Assert.Equal([(0, 2, 15), (1, 2, 15), (2, 0, 15)], places.Order());
    }

    [Fact]
    public async Task Usage_of_a_keys_models_is_read_from_the_quarter_hours()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var connection = database.Connect();
        Write(connection, store =>
        {
            store.Add(new QuarterKey(0, 10, 1, "a", 1), _sums);
            store.Add(new QuarterKey(0, 10, 2, "a", 1), _sums);
            store.Add(new QuarterKey(0, 11, 2, "a", 1), _sums);
            store.Add(new QuarterKey(900_000, 10, 2, "b", 1), _sums);
        });
        using var reader = new PostgresUsageReader(connection);
        var found = new List<(int, string, long)>();

        reader.ReadModelsOfKey(
            [new StoredPeriod(0, 15, 0), new StoredPeriod(1, 15, 900_000)], 10, (int slot, string model, in UsageSums sums) => found.Add((slot, model, sums.ChargedTokens)));

        Assert.Equal([(0, "a", 30), (1, "b", 15)], found.Order());
    }

    [Fact]
    public async Task The_roll_up_is_written_in_the_transaction_of_its_connection()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var connection = database.Connect();
        using (connection.BeginTransaction())
        {
            Write(connection, store => store.Add(new QuarterKey(0, 10, 1, "a", 1), _sums));
        }

        Assert.Equal(0, database.Number("SELECT count(*) FROM usagequarters"));
        Write(connection, store => store.Add(new QuarterKey(0, 10, 1, "a", 1), _sums));
        Write(connection, store => store.Add(new QuarterKey(0, 10, 1, "a", 1), _sums));
        Assert.Equal([2, 20, 10, 30, 2], database.Numbers("SELECT requests, inputtokens, outputtokens, chargedtokens, countedrequests FROM usagequarters"));
    }

    private static void Write(Npgsql.NpgsqlConnection connection, Action<IRollUpStore> write)
    {
        using var store = new PostgresRollUpStore(connection);
        write(store);
        store.Flush();
    }
}
