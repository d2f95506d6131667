using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NexLlm.Dashboard.Accounts;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// The application's database. It references no feature except <see cref="Account"/>. Each entity's mapping is an
/// <c>IEntityTypeConfiguration</c> in a file beside the entity, found by assembly scanning; access entities with <c>Set&lt;T&gt;()</c>.
/// </summary>
public sealed class NexLlmDbContext(DbContextOptions<NexLlmDbContext> options, WriteGate gate)
    : IdentityDbContext<Account, IdentityRole<long>, long>(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Begins a transaction that is the only writer until it is disposed.</summary>
    public async Task<WriteTransaction> BeginWriteAsync(CancellationToken cancellation = default)
    {
        var turn = await gate.EnterAsync(cancellation);
        try
        {
            return new WriteTransaction(turn, await Database.BeginTransactionAsync(cancellation));
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Begins a read-only transaction on a snapshot taken at the first read.</summary>
    public async Task<IDbContextTransaction> BeginReadAsync(CancellationToken cancellation = default)
    {
        await Database.OpenConnectionAsync(cancellation);
        var connection = (SqliteConnection)Database.GetDbConnection();
        return (await Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), cancellation))!;
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

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(NexLlmDbContext).Assembly);
    }
}
