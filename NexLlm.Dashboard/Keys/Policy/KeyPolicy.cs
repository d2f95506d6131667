namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What a key allows.</summary>
/// <param name="TokenLimit">The key's own quota in charged tokens; null leaves only the account's.</param>
/// <param name="GroupId">The channel group that routes the key's requests.</param>
public sealed record KeyPolicy(
    Expiration Expiration, long? TokenLimit, ModelRestriction Models, IpAllowlist Ips, long GroupId)
{
    public static KeyPolicy Unrestricted(long groupId) =>
        new(Expiration.Never, null, ModelRestriction.All, IpAllowlist.Any, groupId);
}
