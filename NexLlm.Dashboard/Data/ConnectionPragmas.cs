using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data;

/// <summary>What SQLite forgets with each connection. (The write-ahead log is remembered by the file; start-up turns it on.)</summary>
internal sealed class ConnectionPragmas(IOptions<DatabaseOptions> options) : DbConnectionInterceptor
{
    // The busy time-out is met only by other processes (a command beside the server): those of this one queue at the write gate.
    private readonly string _pragmas =
        $"PRAGMA synchronous={options.Value.Synchronous}; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
