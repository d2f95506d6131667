namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What the holder of a key may do.</summary>
/// <param name="TokenLimit">The key's own quota in charged tokens; null leaves only the account's.</param>
/// <param name="GroupId">The channel group through which every request of the key goes.</param>
public sealed record KeyPolicy(
    Expiration Expiration, long? TokenLimit, ModelRestriction Models, IpAllowlist Ips, long GroupId)
{
    public static KeyPolicy Unrestricted(long groupId) =>
        new(Expiration.Never, null, ModelRestriction.All, IpAllowlist.Any, groupId);
}
