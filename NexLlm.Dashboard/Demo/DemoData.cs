using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Demo;

/// <summary>Fills an account with realistic sample keys, for demonstrating and measuring the pages.</summary>
public sealed class DemoData(IDbContextFactory<NexLlmDbContext> contexts, KeyDirectory directory, UsageLedger ledger, TimeProvider clock)
{
    private const int Batch = 1_000;

    /// <summary>
    /// Whether the database contains keys created by a person. Sample keys are
    /// recorded as a separate event, so every recorded key creation is a real one.
    /// </summary>
    public async Task<bool> HoldsRealKeysAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Set<AuditEvent>().AnyAsync(e => e.Action == AuditActions.KeyCreated, cancellation);
    }

    /// <summary>Adds keys and their charges to the account, in batches that leave room for other writers.</summary>
    /// <param name="progress">Receives the number of keys added so far.</param>
    public async Task FillAsync(long accountId, int keys, int seed, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var groups = await GroupsAsync(db, cancellation);
        var first = await db.Set<ApiKey>().CountAsync(k => k.OwnerId == accountId, cancellation) + 1;
#pragma warning disable CA5394 // Sample data needs no cryptographic randomness.
        var invented = new DemoKeys(accountId, groups, new Random(seed + first), now);
#pragma warning restore CA5394
        for (var done = 0; done < keys; done += Batch)
        {
            var numbers = Enumerable.Range(first + done, Math.Min(Batch, keys - done));
            await AddAsync(db, accountId, numbers.Select(invented.Next).ToList(), cancellation);
            progress?.Report(Math.Min(keys, done + Batch));
        }

        AuditTrail.Record(db, Actor.Machine, now, AuditActions.DemoDataAdded, accountId, null, new AuditChange("keys", 0, keys));
        await db.SaveChangesAsync(cancellation);
    }

    private async Task AddAsync(
        NexLlmDbContext db, long accountId, IReadOnlyList<(ApiKey Key, IReadOnlyList<Charge> Charges)> batch, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        db.AddRange(batch.Select(b => b.Key));
        await db.SaveChangesAsync(cancellation);
        foreach (var (key, charges) in batch)
        {
            foreach (var charge in charges)
            {
                charge.KeyId = key.Id;
            }
        }

        await ledger.ImportAsync(db, accountId, [.. batch.SelectMany(b => b.Charges)], cancellation);
        await transaction.CommitAsync(cancellation);
        db.ChangeTracker.Clear();
        foreach (var (key, _) in batch)
        {
            directory.Learn(key.SecretHash);
        }
    }

    /// <summary>The groups that serve models. If there is only <c>default</c>, adds two more on the built-in channel.</summary>
    private static async Task<IReadOnlyList<DemoGroup>> GroupsAsync(NexLlmDbContext db, CancellationToken cancellation)
    {
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            if (await db.LiveGroups().CountAsync(cancellation) == 1)
            {
                var echo = await db.Set<Channel>().SingleAsync(c => c.Name == ChannelProvisioner.EchoName, cancellation);
                db.Add(new ChannelGroup { Name = "economy", Description = "Slower responses at half the price", RatioMillionths = 500_000, Channels = [echo] });
                db.Add(new ChannelGroup { Name = "partner", Description = "20% discount for partners", RatioMillionths = 800_000, Channels = [echo] });
                db.ChangeTracker.DetectChanges();
                await db.SaveChangesAsync(cancellation);
            }

            await transaction.CommitAsync(cancellation);
            db.ChangeTracker.Clear();
        }

        var groups = await db.Set<ChannelGroup>().AsNoTracking().Where(g => g.IsEnabled).OrderBy(g => g.Name != ChannelGroup.DefaultName)
            .Select(g => new { g.Id, g.RatioMillionths, Models = g.Channels.SelectMany(c => c.Models).Select(m => m.Name).ToList() })
            .ToListAsync(cancellation);
        return [.. groups.Where(g => g.Models is not []).Select(g => new DemoGroup(g.Id, g.RatioMillionths, [.. g.Models.Distinct()]))];
    }
}
