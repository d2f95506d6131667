using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>A stored API key: its name, its policy and the hash of its secret, never the secret itself.</summary>
public sealed class ApiKey
{
    public long Id { get; init; }

    public long OwnerId { get; init; }

    public required string Name { get; set; }

    /// <summary><see cref="KeyName.Normalize"/> of the name: unique among the owner's live keys, and used for searching and sorting.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>SHA-256 of the whole secret. It outlives the key, so that the use of a deleted key is recognized.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The first and last characters of the secret, <c>sk-nexllm-AbC…wXyZ</c>.</summary>
    public required string DisplayForm { get; init; }

    public bool IsEnabled { get; set; } = true;

    /// <summary>The first instant at which the key no longer works; null if it never expires.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The key's own quota in charged tokens; null if unlimited.</summary>
    public long? TokenLimit { get; private set; }

    /// <summary>Model IDs as a JSON array; null allows all models of the group, an empty array none.</summary>
    public string? AllowedModels { get; private set; }

    /// <summary>Canonical addresses and CIDR blocks as a JSON array; null allows any.</summary>
    public string? AllowedIps { get; private set; }

    /// <summary>Whether <see cref="AllowedIps"/> is null. Stored separately so that an index can cover it without the list.</summary>
    public bool AllowsAnyIp { get; private set; } = true;

    public long GroupId { get; private set; }

    /// <summary>Charged tokens used so far. Written only by the ledger, which doesn't change <see cref="Version"/>.</summary>
    public long UsedTokens { get; init; }

    /// <summary>The start of the last request; null if there was none. Written only by the ledger.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the key was deleted; null while it is live. It can be restored for <see cref="ApiKeyOptions.UndoWindow"/>.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>When the policy of the deleted key was purged, after which it can't be restored.</summary>
    public DateTimeOffset? PurgedAt { get; private set; }

    /// <summary>Chosen by the wizard and unique per owner, so that saving twice creates one key.</summary>
    public Guid CreateRequestId { get; init; }

    /// <summary>Incremented by every edit; an edit of an older version is rejected.</summary>
    public long Version { get; set; }

    public KeyPolicy Policy => new(
        new Expiration(ExpiresAt), TokenLimit, ModelRestriction.FromStored(AllowedModels), IpAllowlist.FromStored(AllowedIps), GroupId);

    public TokenQuota Quota => new(TokenLimit, UsedTokens);

    public void Apply(KeyPolicy policy)
    {
        ExpiresAt = policy.Expiration.At;
        TokenLimit = policy.TokenLimit;
        AllowedModels = policy.Models.ToStored();
        AllowedIps = policy.Ips.ToStored();
        AllowsAnyIp = policy.Ips.IsUnrestricted;
        GroupId = policy.GroupId;
    }

    /// <summary>Drops the policy of a deleted key and keeps what identifies it.</summary>
    public void Purge(DateTimeOffset now)
    {
        Apply(KeyPolicy.Unrestricted(GroupId));
        IsEnabled = false;
        PurgedAt = now;
    }
}
