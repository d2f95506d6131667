using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Keys.Page;

/// <summary>The data of a key's page.</summary>
/// <param name="Key">The key.</param>
/// <param name="Report">Its usage over the selected period.</param>
/// <param name="Day">All figures of the last 24 hours.</param>
/// <param name="Week">Its usage over seven days.</param>
/// <param name="Runway">How long its quotas last.</param>
/// <param name="Refusals">The rejections of the selected period by reason, most frequent first.</param>
/// <param name="Addresses">Recent IP addresses, latest first.</param>
/// <param name="Owner">The email of its owner; null if that is the current user.</param>
/// <param name="Models">The models named in its examples; null if it can't use any.</param>
public sealed record KeyFacts(
    KeyDetails Key, UsageReport Report, UsageFigures Day, UsageReport Week, KeyRunway Runway, IReadOnlyList<RefusalCount> Refusals, IReadOnlyList<SeenAddress> Addresses,
    string? Owner, ExampleModels? Models);

/// <summary>Reads the data from the respective services.</summary>
public sealed class KeyFactsReader(
    KeyPolicyService keys, UsageStatistics statistics, UsageForecast forecast, RequestLog requests, AccountList accounts,
    ChannelDirectory routes, TimeProvider clock)
{
    /// <returns>Null if the actor can see no such key.</returns>
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
