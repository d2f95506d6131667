using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

/// <summary>
/// Records events that anonymous visitors can trigger without limit, in a bounded number of rows: one counted row per address and minute,
/// and a single shared row from the eleventh address on.
/// </summary>
public sealed partial class RepeatedEvents(TimeProvider clock)
{
    /// <summary>The name of the row's counter.</summary>
    public const string Attempts = "attempts";

    /// <summary>Replaces the address in a row that covers several.</summary>
    public const string SeveralAddresses = "several addresses";

    internal const int MaxAddresses = 10;

    private const int PruneAbove = 1_000;

    private static readonly TimeSpan _together = TimeSpan.FromMinutes(1);

    // Guarded by the write gate, which the caller's transaction holds. Lost on restart, which starts new rows.
    private readonly Dictionary<(string Action, long? OwnerId), Minute> _minutes = [];

    /// <summary>
    /// Whether an event's changes are only a counter. Counters are excluded from the hash because they change after the row is recorded.
    /// </summary>
    internal static bool IsCount(string? changes) => changes is not null && Count().IsMatch(changes);

    /// <summary>Adds the event to the caller's write transaction, or increments the counter of an existing row, and saves.</summary>
    /// <param name="db">The context of the transaction.</param>
    /// <param name="actor">The visitor.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="ownerId">The affected account; null if there is none.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
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

    /// <returns>False if the row doesn't exist: the transaction that added it was rolled back, and its ID now belongs to another event.</returns>
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
