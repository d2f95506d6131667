using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Keys.Page;

/// <summary>What a key's page shows.</summary>
/// <param name="Key">The key.</param>
/// <param name="Report">Its use over the chosen time.</param>
/// <param name="Day">All of the last 24 hours.</param>
/// <param name="Week">Its use over seven days.</param>
/// <param name="Runway">How long it lasts.</param>
/// <param name="Refusals">Of the same time, by reason, the most frequent first.</param>
/// <param name="Addresses">That it was last used from, the last first.</param>
/// <param name="Owner">The email address of its owner; null if that is who asks.</param>
/// <param name="Models">What its examples name; null while it can call no model.</param>
public sealed record KeyFacts(
    KeyDetails Key, UsageReport Report, UsageFigures Day, UsageReport Week, KeyRunway Runway, IReadOnlyList<RefusalCount> Refusals, IReadOnlyList<SeenAddress> Addresses,
    string? Owner, ExampleModels? Models);

/// <summary>Reads it from those who know.</summary>
public sealed class KeyFactsReader(
    KeyPolicyService keys, UsageStatistics statistics, UsageForecast forecast, RequestLog requests, AccountList accounts,
    ChannelDirectory routes, TimeProvider clock)
{
    /// <returns>Null if there is no such key that the actor may see.</returns>
    public async Task<KeyFacts?> ReadAsync(Actor actor, long id, UsageRange range, UsageStep step, TimeZoneInfo zone)
    {
        if (await keys.FindAsync(actor, id) is not { } key
            || await statistics.ForAsync(actor, new UsageQuery(new UsageScope.OfKey(id), range, step, Most: UsageAddress.MostShares), zone) is not { } report
            || await OverAsync(days: 1, UsageStep.Hour) is not { } day
            || await OverAsync(days: 7, UsageStep.Day) is not { } week
            || await forecast.OfKeyAsync(actor, id) is not { } runway)
        {
            return null;
        }

        return new KeyFacts(
            key,
            report,
            day.Total,
            week,
            runway,
            await requests.RefusalsAsync(actor, report.Starts[0], clock.GetUtcNow(), id),
            await requests.LastSeenAsync(actor, id),
            key.OwnerId == actor.AccountId ? null : (await accounts.FindAsync(actor, key.OwnerId))?.Email,
            ExampleModels.Of(key.Policy, routes.Current.Group(key.Policy.GroupId)));

        Task<UsageReport?> OverAsync(int days, UsageStep by) =>
            statistics.ForAsync(actor, new UsageQuery(new UsageScope.OfKey(id), new UsageRange.Last(days), by), zone);
    }
}
