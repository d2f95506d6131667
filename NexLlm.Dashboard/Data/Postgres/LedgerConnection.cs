using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>
/// The connection of the ledger. It holds a lock that only one connection can have. When it was opened, every earlier one has ended, so nothing
/// sent on those can still be committed.
/// </summary>
internal static class LedgerConnection
{
    /// <summary>For commands, in seconds. Requests wait that long as well.</summary>
    public const int Timeout = 3;

    // A server notices after 15 seconds that a client is gone without a word. Until then the client would hold its locks.
    private const string Settings =
        """
        SET statement_timeout = '3s'; SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '5s';
        SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 1
        """;

    /// <exception cref="NpgsqlException">The server can't be reached, or another connection holds the lock.</exception>
    public static NpgsqlConnection Open(NpgsqlDataSource source)
    {
        var connection = source.OpenConnection();
        try
        {
            Execute(connection, Settings);
            Execute(connection, $"SELECT pg_advisory_lock({AdvisoryLocks.Ledger})");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Returns the connection to the pool, without the lock. If it is broken, the server releases the lock as soon as it notices.</summary>
    public static void Close(NpgsqlConnection connection)
    {
        try
        {
            Execute(connection, $"SELECT pg_advisory_unlock({AdvisoryLocks.Ledger})");
        }
        catch (Exception)
        {
            // It is broken. Whatever it says of that, the writer that closes it has to go on.
        }

        connection.Dispose();
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Timeout };
        command.ExecuteNonQuery();
    }
}
