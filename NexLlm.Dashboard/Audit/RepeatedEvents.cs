using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

/// <summary>
/// Records what strangers can make happen without end, in a bounded number of rows: one for each address and minute, which
/// counts, and from the eleventh address on one for all of them.
/// </summary>
public sealed partial class RepeatedEvents(TimeProvider clock)
{
    /// <summary>The name under which a row says how often it happened.</summary>
    public const string Attempts = "attempts";

    /// <summary>Stands for the address where a row is about many.</summary>
    public const string SeveralAddresses = "several addresses";

    internal const int MaxAddresses = 10;

    private const int PruneAbove = 1_000;

    private static readonly TimeSpan _together = TimeSpan.FromMinutes(1);

    // Guarded by the write gate, which the caller's transaction holds. A restart begins new rows.
    private readonly Dictionary<(string Action, long? OwnerId), Minute> _minutes = [];

    /// <summary>Whether an event's changes are nothing but a count, which is no part of its hash: a row is counted up long after it was recorded.</summary>
    internal static bool IsCount(string? changes) => changes is not null && Count().IsMatch(changes);

    /// <summary>Adds the event to the caller's write transaction, or counts it in a row that is there, and saves.</summary>
    /// <param name="db">The context of the transaction.</param>
    /// <param name="actor">A visitor.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="ownerId">Whose account it is about; null if nobody's.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    public async Task RecordAsync(NexLlmDbContext db, Actor actor, string action, long? ownerId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        Prune(now);
        if (!_minutes.TryGetValue((action, ownerId), out var minute) || now - minute.Start >= _together)
        {
            _minutes[(action, ownerId)] = minute = new Minute(now);
        }

        var address = actor.Address?.ToString() ?? "";
        if (!minute.Rows.ContainsKey(address) && minute.Rows.Count >= MaxAddresses)
        {
            address = SeveralAddresses;
        }

        if (minute.Rows.TryGetValue(address, out var row) && await CountAsync(db, row, action, ownerId, cancellation))
        {
            return;
        }

        var recorded = AuditTrail.RecordRepeated(
            db, actor, now, action, ownerId, address is SeveralAddresses ? SeveralAddresses : actor.Address?.ToString());
        await db.SaveChangesAsync(cancellation);
        minute.Rows[address] = new Row(recorded.Id);
    }

    /// <returns>False if there is no such row: the transaction that added it was not committed, and its number is another event's.</returns>
    private static async Task<bool> CountAsync(NexLlmDbContext db, Row row, string action, long? ownerId, CancellationToken cancellation)
    {
        row.Count++;
        var changes = JsonSerializer.Serialize(new Dictionary<string, object> { [Attempts] = new { before = (object?)null, after = row.Count } });
        return await db.Set<AuditEvent>().Where(e => e.Id == row.Id && e.Action == action && e.OwnerId == ownerId)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Changes, changes), cancellation) == 1;
    }

    [GeneratedRegex("""\A\{"attempts":\{"before":null,"after":[0-9]+\}\}\z""")]
    private static partial Regex Count();

    private void Prune(DateTimeOffset now)
    {
        if (_minutes.Count > PruneAbove)
        {
            foreach (var (key, _) in _minutes.Where(m => now - m.Value.Start >= _together).ToList())
            {
                _minutes.Remove(key);
            }
        }
    }

    private sealed class Minute(DateTimeOffset start)
    {
        public DateTimeOffset Start => start;

        public Dictionary<string, Row> Rows { get; } = [];
    }

    private sealed class Row(long id)
    {
        public long Id => id;

        public int Count { get; set; } = 1;
    }
}
