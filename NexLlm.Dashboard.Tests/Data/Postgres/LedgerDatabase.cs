using NexLlm.Dashboard.Data.Postgres;
using NexLlm.Dashboard.Tests.TestKit;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>A database with the ledger's tables, in a schema of their own, without all that is around them.</summary>
internal sealed class LedgerDatabase : IDisposable
{
    private const string Sums = "requests bigint NOT NULL, inputtokens bigint NOT NULL, outputtokens bigint NOT NULL, chargedtokens bigint NOT NULL";

    private readonly PostgresDatabase _database;
    private readonly NpgsqlDataSource _source;

    private LedgerDatabase(PostgresDatabase database)
    {
        _database = database;
        Cutter = new CommitCutter(database.ConnectionString);
        _source = Source(database.ConnectionString);
        Ledger = Source(Cutter.ConnectionString);
    }

    public CommitCutter Cutter { get; }

    /// <summary>The ledger's way to the server, which can be cut.</summary>
    public NpgsqlDataSource Ledger { get; }

    public static async Task<LedgerDatabase> CreateAsync()
    {
        var database = new LedgerDatabase(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        database.Execute(
            $"""
            CREATE SCHEMA ledger;
            CREATE TABLE charges (id bigint PRIMARY KEY, requestid text NOT NULL, keyid bigint NOT NULL, accountid bigint NOT NULL, groupid bigint NOT NULL,
                model text COLLATE "C" NOT NULL, state integer NOT NULL, source integer NOT NULL, ratiomillionths bigint NOT NULL,
                reservedtokens bigint NOT NULL CHECK (reservedtokens >= 0), inputtokens bigint NOT NULL, outputtokens bigint NOT NULL,
                chargedtokens bigint NOT NULL, isclamped boolean NOT NULL, settlement bigint, startedat bigint NOT NULL, settledat bigint);
            CREATE TABLE apikeys (id bigint PRIMARY KEY, usedtokens bigint NOT NULL DEFAULT 0, lastusedat bigint);
            CREATE TABLE accounts (id bigint PRIMARY KEY, usedtokens bigint NOT NULL DEFAULT 0);
            CREATE TABLE ledgerstate (id bigint PRIMARY KEY, watermark bigint NOT NULL, oldestopenid bigint NOT NULL, prunedbefore bigint NOT NULL);
            CREATE TABLE usagequarters (quarter bigint, keyid bigint, groupid bigint, model text COLLATE "C", accountid bigint NOT NULL, {Sums},
                countedrequests bigint NOT NULL, PRIMARY KEY (quarter, keyid, groupid, model));
            CREATE TABLE modelusage (period integer, start bigint, accountid bigint, model text COLLATE "C", {Sums}, PRIMARY KEY (period, start, accountid, model));
            CREATE TABLE keyusage (period integer, start bigint, accountid bigint, keyid bigint, {Sums}, PRIMARY KEY (period, start, accountid, keyid));
            INSERT INTO ledgerstate VALUES (1, 0, 1, 0);
            INSERT INTO apikeys (id) VALUES (1), (2);
            INSERT INTO accounts (id) VALUES (1), (2);
            """);
        return database;
    }

    public PostgresLedgerStore Open() => new(Ledger);

    public NpgsqlConnection Connect() => _source.OpenConnection();

    public void Execute(string sql)
    {
        using var command = _source.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>The numbers in the first row, from integer columns of any size.</summary>
    public long?[] Numbers(string sql)
    {
        using var command = _source.CreateCommand(sql);
        using var row = command.ExecuteReader();
        Assert.True(row.Read(), $"Nothing found: {sql}");
        return [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? (long?)null : Convert.ToInt64(row.GetValue(i), null))];
    }

    public long Number(string sql) => Numbers(sql)[0]!.Value;

    public void Dispose()
    {
        Ledger.Dispose();
        _source.Dispose();
        Cutter.Dispose();
        _database.Dispose();
    }

    private static NpgsqlDataSource Source(string connection) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { SearchPath = "ledger" }.ConnectionString);
}
