using System.Collections.Frozen;
using System.Net;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>What the gateway would answer to a key that does not exist yet.</summary>
/// <param name="IsAllowed">No check blocks, and a channel would answer.</param>
/// <param name="Sentence">The first check that blocks, in words; "Allowed" if none does.</param>
internal sealed record PreviewedModel(string Model, bool IsAllowed, string Sentence);

internal static class Preview
{
    /// <summary>For each model that the group serves or the policy names: the first check that would block its smallest request.</summary>
    /// <param name="routes">Where the group leads; null if it is disabled.</param>
    public static IReadOnlyList<PreviewedModel> Of(
        KeyPolicy policy, GroupOffer group, GroupRoutes? routes, AccountOverview account, IPAddress? address, DateTimeOffset now)
    {
        var key = new KeySnapshot(Enabled: true, policy);
        var snapshot = new GroupSnapshot(group.Id, group.Name, group.Models.ToFrozenSet(StringComparer.Ordinal));
        var quota = new QuotaSnapshot(new TokenQuota(policy.TokenLimit, 0), new TokenQuota(account.TokenLimit, account.UsedTokens));
        return [.. group.Models.Union(policy.Models.Models, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Answer)];

        PreviewedModel Answer(string model)
        {
            var health = routes?.Find(model)?.Health();
            var checks = AccessPolicy.Explain(new PolicyFacts(
                new CallerFacts(key, new AccountSnapshot(Active: true), address, now),
                ConcurrencyFacts.Idle,
                // Any endpoint will do.
                new ModelFacts(policy, snapshot, model, IsServed: true),
                new QuotaFacts(quota, Tokens: 0),
                new ChannelFacts(health?.IsUsable() is true, health is ChannelStatus.KeyRejected, ModelHealth.InWords(health))));
            var blocker = checks.FirstOrDefault(check => !check.Passed);
            return new PreviewedModel(model, blocker is null, blocker?.Sentence ?? "Allowed");
        }
    }
}
