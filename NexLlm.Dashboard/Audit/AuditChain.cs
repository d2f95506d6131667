using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

/// <summary>
/// Links every event to its predecessor, in the transaction that records it. The hashes are keyed, so write access to the database alone
/// isn't enough to change or forge an event. A truncated end stays undetected if the database's sequence is also set back; to detect that,
/// operators note the <see cref="AuditHead"/> printed by <c>verify</c>.
/// </summary>
internal sealed class AuditChain(DatabaseHmac seal) : SaveChangesInterceptor
{
    /// <summary>The predecessor hash of the first event.</summary>
    private static readonly byte[] _beginning = new byte[32];

    /// <summary>Computes an event's hash from its content and its predecessor.</summary>
    /// <param name="before">The hash of the previous event; null if no earlier event has one.</param>
    public byte[] Hash(byte[]? before, AuditEvent recorded)
    {
        using var content = new MemoryStream(256);
        using var writer = new BinaryWriter(content, Encoding.UTF8);
        writer.Write(before ?? _beginning);
        writer.Write(recorded.Id);
        writer.Write(recorded.At.ToUnixTimeMilliseconds());
        writer.Write(recorded.Action);
        Write(writer, recorded.ActorId);
        Write(writer, recorded.Address);
        Write(writer, recorded.OwnerId);
        Write(writer, recorded.KeyId);
        // A repeated event's count keeps growing after later rows are chained to it, so it isn't hashed.
        Write(writer, RepeatedEvents.IsCount(recorded.Changes) ? null : recorded.Changes);
        return seal.Over(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (New(eventData.Context!) is [_, ..] events)
        {
            var db = (NexLlmDbContext)eventData.Context!;
            Append(events, await LastId(db).SingleAsync(cancellationToken), await LastHash(db).FirstOrDefaultAsync(cancellationToken));
        }

        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (New(eventData.Context!) is [_, ..] events)
        {
            var db = (NexLlmDbContext)eventData.Context!;
            Append(events, LastId(db).Single(), LastHash(db).FirstOrDefault());
        }

        return result;
    }

    /// <summary>In insertion order, which EF Core's temporary keys follow.</summary>
    private static List<EntityEntry<AuditEvent>> New(DbContext db) =>
        [.. db.ChangeTracker.Entries<AuditEvent>().Where(e => e.State is EntityState.Added).OrderBy(e => e.Property(x => x.Id).CurrentValue)];

    /// <summary>
    /// One lookup by ID. Within a write transaction the result is still the last event when the
    /// new ones are inserted. A save outside a transaction holds the write gate but not the file
    /// lock: if another process records an event in between, the ID is taken and the save fails.
    /// </summary>
    private static IQueryable<long> LastId(NexLlmDbContext db) => db.LastIdOf(AuditEvent.Table);

    private static IQueryable<byte[]?> LastHash(NexLlmDbContext db) => db.Set<AuditEvent>().OrderByDescending(e => e.Id).Select(e => e.Hash);

    private void Append(List<EntityEntry<AuditEvent>> events, long id, byte[]? hash)
    {
        foreach (var entry in events)
        {
            // The database would assign the same ID and never reuses one; it is set here because it is part of the hash.
            var number = entry.Property(e => e.Id);
            (number.CurrentValue, number.IsTemporary) = (++id, false);
            entry.Entity.Hash = hash = Hash(hash, entry.Entity);
        }
    }

    private static void Write(BinaryWriter writer, long? value)
    {
        writer.Write(value.HasValue);
        writer.Write(value ?? 0);
    }

    /// <summary>Length-prefixed, so that no two sequences of texts produce the same bytes.</summary>
    private static void Write(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        writer.Write(text ?? "");
    }
}
