using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Applies the settings that SQLite keeps per connection. (WAL mode is stored in the file and is enabled at startup.)</summary>
internal sealed class ConnectionPragmas(IOptions<SqliteOptions> options) : DbConnectionInterceptor
{
    // Only other processes (such as a command run while the server is running) can
    // run into the busy timeout: writers of this process queue at the write gate.
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
