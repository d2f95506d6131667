using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Demo;

/// <summary>Fills an account with plausible keys, for looking at the pages and for measuring them.</summary>
public sealed class DemoData(IDbContextFactory<NexLlmDbContext> contexts, KeyDirectory directory, UsageLedger ledger, TimeProvider clock)
{
    private const int Batch = 1_000;

    /// <summary>
    /// Whether somebody made keys here in earnest. Keys that this class invents are recorded as one event of their own,
    /// so a recorded creation is a real one.
    /// </summary>
    public async Task<bool> HoldsRealKeysAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Set<AuditEvent>().AnyAsync(e => e.Action == AuditActions.KeyCreated, cancellation);
    }

    /// <summary>Adds keys and their charges to the account, in batches that let other writers in between.</summary>
    /// <param name="progress">Told the number of keys that stand so far.</param>
    public async Task FillAsync(long accountId, int keys, int seed, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var groups = await GroupsAsync(db, cancellation);
        var first = await db.Set<ApiKey>().CountAsync(k => k.OwnerId == accountId, cancellation) + 1;
#pragma warning disable CA5394 // Invented data: nothing here guards anything.
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

    /// <summary>The groups that serve models; two more beside <c>default</c>, on the built-in channel, if there is no other.</summary>
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
