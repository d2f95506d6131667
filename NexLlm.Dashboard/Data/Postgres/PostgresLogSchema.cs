using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>
/// The tables of the request log, in a schema of their own. They have their own version because they can be dropped independently of the
/// other tables.
/// </summary>
internal static class PostgresLogSchema
{
    /// <summary>The columns of <c>lines</c>, in the order of writing and reading.</summary>
    public const string LineColumns =
        """
        id, requestid, accountid, keyid, groupid, channelid, model, api, status, code, inputtokens, outputtokens, chargedtokens, source,
        firstbytems, durationms, address, requests, chargeid, neededtokens
        """;

    private const int Version = 1;

    private const string LineTable =
        """
        CREATE TABLE log.lines (
            id bigint PRIMARY KEY, accountid bigint, keyid bigint, groupid bigint, channelid bigint, inputtokens bigint NOT NULL,
            outputtokens bigint NOT NULL, chargedtokens bigint NOT NULL, firstbytems bigint, durationms bigint NOT NULL,
            requests bigint NOT NULL, chargeid bigint, neededtokens bigint, api bigint, status integer NOT NULL, source integer NOT NULL,
            requestid text COLLATE "C" NOT NULL, model text COLLATE "C", code text COLLATE "C", address bytea)
        """;

    /// <summary>Without being vacuumed after many inserts, the indexes alone couldn't answer where a step of a search ends.</summary>
    private const string LineSettings =
        "ALTER TABLE log.lines SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05)";

    private static readonly string _tables =
        $"""
        CREATE SCHEMA IF NOT EXISTS log;
        {LineTable};
        {LineSettings};
        CREATE INDEX ix_lines_account ON log.lines (accountid, id, keyid);
        CREATE INDEX ix_lines_failed ON log.lines (accountid, id) WHERE status >= 400;
        CREATE TABLE log.refusals (
            quarter bigint, accountid bigint, keyid bigint, code text COLLATE "C", requests bigint NOT NULL,
            PRIMARY KEY (quarter, accountid, keyid, code));
        CREATE TABLE log.batches (writer uuid PRIMARY KEY, number bigint NOT NULL, writtenat timestamptz NOT NULL DEFAULT now());
        CREATE TABLE log.state (id integer PRIMARY KEY CHECK (id = 1), version integer NOT NULL, chargesbelow bigint NOT NULL);
        INSERT INTO log.state VALUES (1, {Version}, 0);
        """;

    /// <summary>Creates the tables if they don't exist.</summary>
    /// <exception cref="StartRefusedException">The tables were created by a later version of the application.</exception>
    public static void Prepare(NpgsqlConnection connection)
    {
        if (Exists(connection))
        {
            RequireKnownVersion(connection);
            // Of processes that ended long ago.
            Execute(connection, "DELETE FROM log.batches WHERE writtenat < now() - interval '30 days'");
            return;
        }

        using var transaction = connection.BeginTransaction();
        Execute(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLocks.LogSchema})");
        if (!Exists(connection))
        {
            Execute(connection, _tables);
        }

        transaction.Commit();
    }

    /// <summary>Drops the tables. Leaves the schema, which may hold tables of others.</summary>
    public static void Discard(NpgsqlDataSource source)
    {
        using var command = source.CreateCommand("DROP TABLE IF EXISTS log.lines, log.refusals, log.batches, log.state");
        command.ExecuteNonQuery();
    }

    private static bool Exists(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'log' AND tablename = 'state')", connection);
        return (bool)command.ExecuteScalar()!;
    }

    private static void RequireKnownVersion(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT version FROM log.state", connection);
        if (command.ExecuteScalar() is not (int and <= Version))
        {
            throw new StartRefusedException(
                $"The schema log of the database {connection.Database} was created by a newer version. Run that version, or drop the schema (it only holds the request log).");
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
