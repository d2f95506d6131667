using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace NexLlm.Dashboard.Data;

internal static class BlobReading
{
    internal delegate void Reader(ReadOnlySpan<byte> blob);

    /// <summary>Hands on the first column of every row, where SQLite holds it: a million of them are read in a second, with no object each.</summary>
    public static async Task ReadBlobsAsync(this NexLlmDbContext db, string sql, Reader read, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        var connection = ((SqliteConnection)db.Database.GetDbConnection()).Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection, sql, out var statement), connection);
        using (statement)
        {
            int result;
            while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
            {
                cancellation.ThrowIfCancellationRequested();
                read(raw.sqlite3_column_blob(statement, 0));
            }

            SqliteException.ThrowExceptionForRC(result, connection);
        }
    }
}
