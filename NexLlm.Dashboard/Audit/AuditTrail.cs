using System.Text.Json;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

/// <summary>Adds events to the caller's own transaction, so that a change and its record are kept or lost together.</summary>
public static class AuditTrail
{
    /// <param name="db">The context that makes the change; the caller saves and commits.</param>
    /// <param name="actor">Who asked.</param>
    /// <param name="at">When.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="ownerId">Whose key or account it is.</param>
    /// <param name="keyId">The key, if one was changed.</param>
    /// <param name="changes">The values before and after; only those that differ are kept. Never a secret.</param>
    public static void Record(
        NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, long? ownerId, long? keyId = null, params ReadOnlySpan<AuditChange> changes) =>
        db.Add(Event(actor, at, action, ownerId, keyId, changes));

    /// <summary>An event that stands for many, of one address or of several.</summary>
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

        // The JSON encoder escapes CR, LF and every other control character: one event stays one line wherever it is shown.
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

/// <summary>A field's value before and after a change.</summary>
public readonly record struct AuditChange(string Field, object? Before, object? After);
