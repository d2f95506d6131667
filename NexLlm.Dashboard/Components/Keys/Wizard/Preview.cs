using System.Collections.Frozen;
using System.Net;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Wizard;

/// <summary>The gateway's expected response to a key that doesn't exist yet.</summary>
/// <param name="IsAllowed">Whether no check blocks and a channel would answer.</param>
/// <param name="Sentence">The first failed check in words; "Allowed" if there is none.</param>
internal sealed record PreviewedModel(string Model, bool IsAllowed, string Sentence);

internal static class Preview
{
    /// <summary>The first check that would block the smallest request to each model that the group serves or the policy names.</summary>
    /// <param name="routes">The routes of the group; null if it is disabled.</param>
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
                // Any endpoint is sufficient.
                new ModelFacts(policy, snapshot, model, IsServed: true),
                new QuotaFacts(quota, Tokens: 0),
                new ChannelFacts(health?.IsUsable() is true, health is ChannelStatus.KeyRejected, ModelHealth.InWords(health))));
            var blocker = checks.FirstOrDefault(check => !check.Passed);
            return new PreviewedModel(model, blocker is null, blocker?.Sentence ?? "Allowed");
        }
    }
}
