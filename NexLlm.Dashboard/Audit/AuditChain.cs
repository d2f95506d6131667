using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

/// <summary>
/// Chains every event to the one before it, whoever records it, in the transaction that does. The hashes are keyed: who can write
/// only the database can neither change an event nor make one that fits. What it cannot know is an end that was cut off by somebody
/// who also set SQLite's own count back; for that, operators note the <see cref="AuditHead"/> that <c>verify</c> prints.
/// </summary>
internal sealed class AuditChain(DatabaseSeal seal) : SaveChangesInterceptor
{
    /// <summary>What stands where the first event's predecessor would.</summary>
    private static readonly byte[] _beginning = new byte[32];

    /// <summary>What an event's hash is in its place, which the event itself does not say.</summary>
    /// <param name="before">The hash of the event before; null if none has one.</param>
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
        // A count goes on after the row is recorded, and later rows are chained to it by then: it is left out.
        Write(writer, RepeatedEvents.IsCount(recorded.Changes) ? null : recorded.Changes);
        return seal.Over(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (New(eventData.Context!) is [_, ..] events)
        {
            Append(events, await End(eventData.Context!).SingleAsync(cancellationToken));
        }

        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (New(eventData.Context!) is [_, ..] events)
        {
            Append(events, End(eventData.Context!).Single());
        }

        return result;
    }

    /// <summary>In the order in which they were added, which EF Core's temporary numbers follow.</summary>
    private static List<EntityEntry<AuditEvent>> New(DbContext db) =>
        [.. db.ChangeTracker.Entries<AuditEvent>().Where(e => e.State is EntityState.Added).OrderBy(e => e.Property(x => x.Id).CurrentValue)];

    /// <summary>
    /// One look-up by number. In a write transaction it is still the end when the events are inserted. A save without one holds the write
    /// gate, but not the file: if another process records an event in between, the number is taken and the save fails.
    /// </summary>
    private static IQueryable<Tail> End(DbContext db) => db.Database.SqlQuery<Tail>(
        $"""
        SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'AuditEvents'), 0) AS LastId,
            (SELECT Hash FROM AuditEvents ORDER BY Id DESC LIMIT 1) AS Hash
        """);

    private void Append(List<EntityEntry<AuditEvent>> events, Tail end)
    {
        var (id, hash) = (end.LastId, end.Hash);
        foreach (var entry in events)
        {
            // The number that SQLite would give, and never gives twice: it is part of what is hashed.
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

    /// <summary>With its length before it, so that no text can pass for two.</summary>
    private static void Write(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        writer.Write(text ?? "");
    }

    private sealed record Tail(long LastId, byte[]? Hash);
}
