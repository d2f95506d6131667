using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>The maximum concurrent requests of one key, and of all keys of one account.</summary>
public sealed record ConcurrencySettings(int PerKey, int PerAccount)
{
    /// <param name="ofKey">The requests of the key in progress, besides the checked one.</param>
    /// <param name="ofAccount">The same for all keys of the account.</param>
    public ConcurrencyFacts Facts(int ofKey, int ofAccount) => new(new(ofKey, PerKey), new(ofAccount, PerAccount));
}
