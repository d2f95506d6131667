using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>A connection of its own that holds the instance lock. The server releases the lock when the connection ends for any reason.</summary>
internal sealed class InstanceSession : IDisposable, IAsyncDisposable
{
    // Over a quiet connection, so that a server that is gone is noticed within seconds.
    private const int KeepAliveSeconds = 5;

    private const int EndMilliseconds = 2_000;

    private readonly NpgsqlConnection _connection;

    private InstanceSession(NpgsqlConnection connection)
    {
        _connection = connection;
        ProcessId = connection.ProcessID;
    }

    /// <summary>The server's process for this connection.</summary>
    public int ProcessId { get; }

    public Version Version => _connection.PostgreSqlVersion;

    public static async Task<InstanceSession> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            KeepAlive = KeepAliveSeconds,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        return new InstanceSession(connection);
    }

    /// <summary>Returns false if somebody else holds the lock.</summary>
    public async Task<bool> TryLockAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({AdvisoryLocks.Instance})", _connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Ends the server's process of an earlier connection, if it still holds the lock, and waits for its end.</summary>
    public async Task EndOtherAsync(int processId, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pg_terminate_backend(pid, {EndMilliseconds}) FROM pg_locks
            WHERE locktype = 'advisory' AND objid = {AdvisoryLocks.Instance} AND pid = $1 AND granted
            """,
            _connection)
        { Parameters = { new() { Value = processId } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<string> EncodingAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SHOW server_encoding", _connection);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Completes with an exception when the connection ends, and otherwise never.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _connection.WaitAsync(cancellation);
        }
    }

    public void Dispose() => _connection.Dispose();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
