using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>How many requests one key, and all keys of one account together, may have in progress at once.</summary>
public sealed record ConcurrencyLimits(int PerKey, int PerAccount)
{
    /// <param name="ofKey">In progress, besides the request that is asked about.</param>
    /// <param name="ofAccount">The same for all keys of the account together.</param>
    public ConcurrencyFacts Facts(int ofKey, int ofAccount) => new(new(ofKey, PerKey), new(ofAccount, PerAccount));
}
