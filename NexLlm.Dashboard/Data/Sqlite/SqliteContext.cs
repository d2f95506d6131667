using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>The database as an SQLite file.</summary>
public sealed class SqliteContext(DbContextOptions<SqliteContext> options, WriteGate gate) : NexLlmDbContext(options)
{
    private SqliteConnection Connection => (SqliteConnection)Database.GetDbConnection();

    public override async Task<WriteTransaction> BeginWriteAsync(CancellationToken cancellation = default)
    {
        var turn = await gate.EnterAsync(cancellation);
        try
        {
            return new WriteTransaction(await Database.BeginTransactionAsync(cancellation), turn);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public override async Task<IDbContextTransaction> BeginReadAsync(CancellationToken cancellation = default)
    {
        await Database.OpenConnectionAsync(cancellation);
        return (await Database.UseTransactionAsync(Connection.BeginTransaction(deferred: true), cancellation))!;
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        using var turn = Database.CurrentTransaction is null ? await gate.EnterAsync(cancellationToken) : null;
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        using var turn = Database.CurrentTransaction is null ? gate.Enter() : null;
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc/>
    /// <remarks>Reads a million rows per second.</remarks>
    internal override async Task ReadBlobsAsync(string sql, BlobReader read, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        using var statement = new SqliteStatement(Connection, sql);
        while (statement.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            read(statement.Blob(0));
        }
    }

    internal override IUsageReader OpenUsageReader() => new UsageFileReader(Connection);

    internal override IKeyUsageReader OpenKeyUsageReader(IReadOnlyList<(long AccountId, long KeyId)> keys) => new KeyUsageFileReader(Connection, keys);

    internal override IRollUpStore OpenRollUp() => new RollUpStatements(new PreparedStatements(Connection));

    internal override IQueryable<long> LastIdOf(string table) => Database.SqlQuery<long>(
        $"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = {table}), 0) AS Value");
}
