using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NexLlm.Dashboard.Accounts;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// The application's database. It references no feature except <see cref="Account"/>. Each entity's mapping is an
/// <c>IEntityTypeConfiguration</c> in a file beside the entity, found by assembly scanning; access entities with <c>Set&lt;T&gt;()</c>.
/// Each engine has its own context, because that is how EF Core tells their migrations apart.
/// </summary>
public abstract class NexLlmDbContext(DbContextOptions options)
    : IdentityDbContext<Account, IdentityRole<long>, long>(options), IDataProtectionKeyContext
{
    internal delegate void BlobReader(ReadOnlySpan<byte> blob);

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Begins a transaction that is the only writer until it is disposed.</summary>
    public abstract Task<WriteTransaction> BeginWriteAsync(CancellationToken cancellation = default);

    /// <summary>Begins a read-only transaction on a snapshot taken at the first read.</summary>
    public abstract Task<IDbContextTransaction> BeginReadAsync(CancellationToken cancellation = default);

    /// <summary>Passes the first column of every row to the callback without allocating per row.</summary>
    internal abstract Task ReadBlobsAsync(string sql, BlobReader read, CancellationToken cancellation);

    /// <summary>Reads from the roll-up tables in the current transaction.</summary>
    internal abstract IUsageReader OpenUsageReader();

    /// <inheritdoc cref="OpenUsageReader"/>
    /// <param name="keys">At least one key.</param>
    internal abstract IKeyUsageReader OpenKeyUsageReader(IReadOnlyList<(long AccountId, long KeyId)> keys);

    /// <summary>Writes to the roll-up tables in the current transaction.</summary>
    internal abstract IRollUpStore OpenRollUp();

    /// <summary>A query for the last ID that a table has given out, which is never decreased, even if its row was deleted; 0 if none was.</summary>
    internal abstract IQueryable<long> LastIdOf(string table);

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
