using NexLlm.Dashboard.Accounts.Profile;
using System.Collections.Frozen;
using System.Net;
using NexLlm.Dashboard.Accounts;
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
    /// <summary>
    /// For each model that the group serves or the policy names: what the evaluator says and, if it allows the model, whether a channel would
    /// answer. Health is asked in previews only; enforcement asks the channels' circuits.
    /// </summary>
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
            var checks = KeyEvaluator.Explain(key, new AccountSnapshot(Active: true), snapshot, quota, new RequestFacts(model, address, 0), now);
            var blocker = checks.FirstOrDefault(check => !check.Passed);
            if (blocker is not null)
            {
                return new PreviewedModel(model, false, blocker.Sentence);
            }

            var health = routes?.Find(model)?.Health();
            return health?.IsUsable() is true ? new PreviewedModel(model, true, "Allowed") : new PreviewedModel(model, false, ModelHealth.InWords(health));
        }
    }
}
