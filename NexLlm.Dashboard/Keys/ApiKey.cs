using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>An API key as it is stored: its name, its policy and the hash of its secret, never the secret.</summary>
public sealed class ApiKey
{
    public long Id { get; init; }

    public long OwnerId { get; init; }

    public required string Name { get; set; }

    /// <summary><see cref="KeyName.Normalize"/> of the name: unique among the owner's live keys, searched and sorted by.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>SHA-256 of the whole secret. It outlives the key, so that a deleted key's use is recognised.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The secret's recognisable ends, <c>sk-nexllm-AbC…wXyZ</c>.</summary>
    public required string DisplayForm { get; init; }

    public bool IsEnabled { get; set; } = true;

    /// <summary>The first instant at which the key no longer works; null never comes.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The key's own quota in charged tokens; null is unlimited.</summary>
    public long? TokenLimit { get; private set; }

    /// <summary>Model ids as a JSON array; null is all models of the group, an empty array none.</summary>
    public string? AllowedModels { get; private set; }

    /// <summary>Canonical addresses and CIDR blocks as a JSON array; null is any.</summary>
    public string? AllowedIps { get; private set; }

    /// <summary>Whether <see cref="AllowedIps"/> is null, beside it so that an index can count it without the list.</summary>
    public bool AllowsAnyIp { get; private set; } = true;

    public long GroupId { get; private set; }

    /// <summary>Charged tokens used so far. Only the ledger writes it, without touching <see cref="Version"/>.</summary>
    public long UsedTokens { get; init; }

    /// <summary>The last request's start; null if there was none. Only the ledger writes it.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was deleted; null while it is live. Can be undone for <see cref="ApiKeyOptions.UndoWindow"/>.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>When its policy was dropped after deletion, beyond undoing.</summary>
    public DateTimeOffset? PurgedAt { get; private set; }

    /// <summary>Chosen by the wizard, unique per owner: saving twice makes one key.</summary>
    public Guid CreateRequestId { get; init; }

    /// <summary>Goes up by one with every edit; an edit of an older version is refused.</summary>
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

    /// <summary>Drops the policy of a deleted key and keeps what recognises it.</summary>
    public void Purge(DateTimeOffset now)
    {
        Apply(KeyPolicy.Unrestricted(GroupId));
        IsEnabled = false;
        PurgedAt = now;
    }
}
