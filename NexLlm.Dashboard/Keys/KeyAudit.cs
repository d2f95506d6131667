using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>The audit entries of a key's creation and edits: names and policies, never a secret.</summary>
internal static class KeyAudit
{
    public static void Created(NexLlmDbContext db, Actor actor, DateTimeOffset at, ApiKey key, string groupName) =>
        Record(db, actor, at, AuditActions.KeyCreated, key, before: null, Settings(key.Name, key.Policy, groupName));

    /// <summary>Call this before the edit is applied.</summary>
    public static async Task EditedAsync(
        NexLlmDbContext db, Actor actor, DateTimeOffset at, ApiKey key, string name, KeyPolicy after, CancellationToken cancellation)
    {
        var groups = await db.Set<ChannelGroup>()
            .Where(g => g.Id == key.GroupId || g.Id == after.GroupId)
            .ToDictionaryAsync(g => g.Id, g => g.Name, cancellation);
        Record(
            db, actor, at, AuditActions.KeyEdited, key,
            Settings(key.Name, key.Policy, groups[key.GroupId]), Settings(name, after, groups[after.GroupId]));
    }

    private static void Record(NexLlmDbContext db, Actor actor, DateTimeOffset at, string action, ApiKey key, KeySettings? before, KeySettings after) =>
        AuditTrail.Record(
            db, actor, at, action, key.OwnerId, key.Id,
            [.. KeyOption.All.Select(option => option.Audited).OfType<AuditedOption>()
                .Select(audited => new AuditChange(audited.Name, before is null ? null : audited.Value(before), audited.Value(after)))]);

    /// <summary>The ratio is omitted, because it is recorded with the group.</summary>
    private static KeySettings Settings(string name, KeyPolicy policy, string groupName) =>
        new(name, policy, new TokenQuota(policy.TokenLimit, 0), groupName, GroupRatio: 1);
}
