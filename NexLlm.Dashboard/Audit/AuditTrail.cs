using System.Text.Json;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

/// <summary>Adds events to the caller's transaction, so that a change and its record are committed or rolled back together.</summary>
public static class AuditTrail
{
    /// <param name="db">The context of the change; the caller saves and commits.</param>
    /// <param name="actor">Who made the change.</param>
    /// <param name="at">When the change was made.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="ownerId">The affected account, or the owner of the affected key.</param>
    /// <param name="keyId">The affected key; null if there is none.</param>
    /// <param name="changes">The values before and after; unchanged ones are dropped. Never a secret.</param>
    public static void Record(
        NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, long? ownerId, long? keyId = null, params ReadOnlySpan<AuditChange> changes) =>
        db.Add(Event(actor, at, action, ownerId, keyId, changes));

    /// <summary>Records one event that represents many attempts, from one IP address or several.</summary>
    internal static AuditEvent RecordRepeated(NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, long? ownerId, string? address) =>
        db.Add(new AuditEvent { At = at, Action = action, ActorId = actor.AccountId, Address = address, OwnerId = ownerId }).Entity;

    private static AuditEvent Event(
        Actor actor, DateTimeOffset at, string action, long? ownerId, long? keyId, ReadOnlySpan<AuditChange> changes)
    {
        Dictionary<string, object>? differing = null;
        foreach (var change in changes)
        {
            if (!Equals(change.Before, change.After))
            {
                (differing ??= [])[change.Field] = new { before = change.Before, after = change.After };
            }
        }

        // The JSON encoder escapes CR, LF and all other control characters, so an event always stays on one line.
        return new AuditEvent
        {
            At = at,
            Action = action,
            ActorId = actor.AccountId,
            Address = actor.Address?.ToString(),
            OwnerId = ownerId,
            KeyId = keyId,
            Changes = differing is null ? null : JsonSerializer.Serialize(differing),
        };
    }
}

public readonly record struct AuditChange(string Field, object? Before, object? After);
