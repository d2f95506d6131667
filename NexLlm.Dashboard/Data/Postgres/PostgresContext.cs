using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>The database on a PostgreSQL server.</summary>
public sealed class PostgresContext(DbContextOptions<PostgresContext> options, WriteGate gate) : NexLlmDbContext(options)
{
    private NpgsqlConnection Connection => (NpgsqlConnection)Database.GetDbConnection();

    /// <inheritdoc/>
    /// <remarks>
    /// The lock in the database excludes commands and other servers as well. The ledger doesn't take it: it only adds to counters, and adds charges.
    /// </remarks>
    public override async Task<WriteTransaction> BeginWriteAsync(CancellationToken cancellation = default)
    {
        var turn = await gate.EnterAsync(cancellation);
        IDbContextTransaction? transaction = null;
        try
        {
            transaction = await Database.BeginTransactionAsync(cancellation);
            await Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLocks.Writer})", cancellation);
            return new WriteTransaction(transaction, turn);
        }
        catch
        {
            if (transaction is not null)
            {
                await transaction.DisposeAsync();
            }

            turn.Dispose();
            throw;
        }
    }

    public override async Task<IDbContextTransaction> BeginReadAsync(CancellationToken cancellation = default)
    {
        var transaction = await Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await Database.ExecuteSqlAsync($"SET TRANSACTION READ ONLY", cancellation);
        return transaction;
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is not null || !ChangeTracker.HasChanges())
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        await using var transaction = await BeginWriteAsync(cancellationToken);
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    /// <summary>For the few synchronous writes of the framework (Data Protection's key ring).</summary>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        if (Database.CurrentTransaction is not null || !ChangeTracker.HasChanges())
        {
            return base.SaveChanges(acceptAllChangesOnSuccess);
        }

        using var turn = gate.Enter();
        using var transaction = Database.BeginTransaction();
        Database.ExecuteSql($"SELECT pg_advisory_xact_lock({AdvisoryLocks.Writer})");
        var saved = base.SaveChanges(acceptAllChangesOnSuccess);
        transaction.Commit();
        return saved;
    }

    internal override async Task ReadBlobsAsync(string sql, BlobReader read, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, Connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            read(rows.GetFieldValue<byte[]>(0));
        }
    }

    internal override IUsageReader OpenUsageReader() => new PostgresUsageReader(Connection);

    internal override IKeyUsageReader OpenKeyUsageReader(IReadOnlyList<(long AccountId, long KeyId)> keys) => new PostgresKeyUsageReader(Connection, keys);

    internal override IRollUpStore OpenRollUp() => new PostgresRollUpStore(Connection);

    /// <inheritdoc/>
    /// <remarks>From a sequence, or from a table that a trigger keeps, because inserts that bring their own ID don't set a sequence.</remarks>
    internal override IQueryable<long> LastIdOf(string table) => Database.SqlQuery<long>(
        $"""
        SELECT greatest(
            coalesce((SELECT last FROM lastids WHERE name = lower({table})), 0),
            coalesce(pg_sequence_last_value(pg_get_serial_sequence(lower({table}), 'id')), 0)) AS "Value"
        """);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        PostgresNames.Apply(builder);
    }
}
