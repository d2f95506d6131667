using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>What the audit says of a key's creation and its edits: names and policies, never a secret.</summary>
internal static class KeyAudit
{
    public static void Created(NexLlmDbContext db, Actor actor, DateTimeOffset at, ApiKey key, string groupName) =>
        AuditTrail.Record(
            db, actor, at, AuditActions.KeyCreated, key.OwnerId, key.Id,
            new("name", null, key.Name),
            new("expiresAt", null, key.ExpiresAt),
            new("tokenLimit", null, key.TokenLimit),
            new("models", null, key.AllowedModels),
            new("ips", null, key.AllowedIps),
            new("group", null, groupName));

    /// <summary>Call it before the edit is applied.</summary>
    public static async Task EditedAsync(
        NexLlmDbContext db, Actor actor, DateTimeOffset at, ApiKey key, string name, KeyPolicy after, CancellationToken cancellation)
    {
        var groups = await db.Set<ChannelGroup>()
            .Where(g => g.Id == key.GroupId || g.Id == after.GroupId)
            .ToDictionaryAsync(g => g.Id, g => g.Name, cancellation);
        AuditTrail.Record(
            db, actor, at, AuditActions.KeyEdited, key.OwnerId, key.Id,
            new("name", key.Name, name),
            new("expiresAt", key.ExpiresAt, after.Expiration.At),
            new("tokenLimit", key.TokenLimit, after.TokenLimit),
            new("models", key.AllowedModels, after.Models.ToStored()),
            new("ips", key.AllowedIps, after.Ips.ToStored()),
            new("group", groups[key.GroupId], groups[after.GroupId]));
    }
}
