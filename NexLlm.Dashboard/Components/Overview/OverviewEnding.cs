using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>Something that ends soon: a quota at the current rate, or a key on its expiration date.</summary>
/// <param name="Name">The key's name or the account's email.</param>
/// <param name="Url">Its page.</param>
/// <param name="Owner">The email of a key's owner if it is another person.</param>
/// <param name="Sentence">What will happen, up to the time.</param>
/// <param name="At">The time.</param>
/// <param name="Quota">Null if it doesn't end because of a quota.</param>
public sealed record OverviewEnding(string Name, string Url, string? Owner, string Sentence, DateTimeOffset At, TokenQuota? Quota)
{
    /// <summary>Sorted by time, soonest first.</summary>
    public static IReadOnlyList<OverviewEnding> Of(OverviewFacts facts) =>
    [
        .. facts.RunningOut.Select(r => r.KeyId is { } key
            ? new OverviewEnding(r.Name, PageUrls.Key(key), r.AccountId == facts.Account.Id ? null : r.Owner, "Quota runs out", r.Runway.RunsOutAt, r.Quota)
            : new OverviewEnding(r.Name, facts.IsOwnAccount(r) ? PageUrls.Account : PageUrls.AccountOf(r.AccountId), null, "Overall quota runs out", r.Runway.RunsOutAt, r.Quota))
            .Concat(facts.ExpiringSoon.Select(key => new OverviewEnding(key.Name, PageUrls.Key(key.Id), null, "Expires", key.Policy.Expiration.At!.Value, null)))
            .OrderBy(ending => ending.At),
    ];
}
