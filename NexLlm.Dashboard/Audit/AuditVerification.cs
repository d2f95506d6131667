using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

/// <summary>Verifies the chain of all events on one snapshot of the database, with or without a running server.</summary>
internal sealed class AuditVerification(IDbContextFactory<NexLlmDbContext> contexts, AuditChain chain)
{
    /// <param name="noted">The head printed by an earlier check; null if none was noted.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<AuditState> CheckAsync(AuditHead? noted = null, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        AuditEvent? last = null;
        var (older, isNotedThere) = (0L, noted is null);
        await foreach (var recorded in db.Set<AuditEvent>().AsNoTracking().OrderBy(e => e.Id).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (last?.Hash is null && recorded.Hash is null)
            {
                older++;
            }
            else if (Misfit(last, recorded) is { } misfit)
            {
                return new AuditState(misfit, null, older);
            }

            last = recorded;
            isNotedThere |= recorded.Id == noted?.Id && recorded.Hash is not null && AuditHead.Of(recorded) == noted;
        }

        var head = last?.Hash is null ? null : AuditHead.Of(last);
        var given = await db.LastIdOf(AuditEvent.Table).SingleAsync(cancellation);
        return given > (last?.Id ?? 0)
            ? new AuditState($"Audit log: {Numbered((last?.Id ?? 0) + 1, given)} missing from its end.", head, older)
            : new AuditState(isNotedThere ? null : $"Audit log: event {noted!.Id} isn't the one with hash {noted.Hash}. The log was cut off or replaced since, or an earlier backup was restored.", head, older);
    }

    /// <summary>Explains why an event can't follow its predecessor, which is already verified; null if it can.</summary>
    private string? Misfit(AuditEvent? before, AuditEvent recorded) =>
        recorded.Hash is null ? $"Audit log: event {recorded.Id} has no hash. It was inserted, or its hash was removed."
        : before?.Hash is not null && recorded.Id != before.Id + 1 ? $"Audit log: {Numbered(before.Id + 1, recorded.Id - 1)} missing."
        : chain.Hash(before?.Hash, recorded).AsSpan().SequenceEqual(recorded.Hash) ? null
        : before?.Hash is null ? $"Audit log: event {recorded.Id}, the first with a hash, doesn't match it. It was changed, or the events before it were removed or lost their hashes."
        : $"Audit log: event {recorded.Id} doesn't match its hash. It was changed, inserted or moved.";

    private static string Numbered(long first, long last) => first == last ? $"event {first} is" : $"events {first} to {last} are";
}

/// <param name="Misfit">A sentence about the first invalid event; null if all events are valid.</param>
/// <param name="Head">The last event; null if no event has a hash or the chain is broken.</param>
/// <param name="Older">The number of events without a hash, recorded before the chain was introduced.</param>
internal sealed record AuditState(string? Misfit, AuditHead? Head, long Older)
{
    /// <summary>The result as a sentence for the operator.</summary>
    public string Sentence => Misfit ?? string.Create(
        CultureInfo.InvariantCulture,
        $"OK: the audit log is intact{(Older > 0 ? $" ({Older:N0} events from before an upgrade have no hash)" : "")}.{(Head is null ? "" : $" Head: {Head}")}");
}
