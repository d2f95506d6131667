using System.Collections.Frozen;

namespace NexLlm.Dashboard.Keys.Policy;

// The immutable input of the checks.

public sealed record KeySnapshot(bool Enabled, KeyPolicy Policy);

public readonly record struct AccountSnapshot(bool Active);

/// <param name="Models">The IDs served by an enabled channel of the group, compared exactly.</param>
public sealed record GroupSnapshot(long Id, string Name, FrozenSet<string> Models);

public readonly record struct QuotaSnapshot(TokenQuota Key, TokenQuota Account)
{
    /// <summary>For a request that costs nothing: the quota that other requests hold doesn't matter to it.</summary>
    public QuotaSnapshot WithoutReservations => new(Key with { Reserved = 0 }, Account with { Reserved = 0 });
}
