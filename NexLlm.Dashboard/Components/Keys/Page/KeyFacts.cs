using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Keys.Page;

/// <summary>What a key's page shows.</summary>
/// <param name="Key">The key.</param>
/// <param name="Report">Its use over the chosen time.</param>
/// <param name="Runway">When its own quota is used up; null if it is not, or nobody can tell yet.</param>
/// <param name="Refusals">Of the same time, by reason, the most frequent first.</param>
/// <param name="Addresses">That it was last used from, the last first.</param>
public sealed record KeyFacts(
    KeyDetails Key, UsageReport Report, Runway? Runway, IReadOnlyList<RefusalCount> Refusals, IReadOnlyList<SeenAddress> Addresses);

/// <summary>Reads it from those who know.</summary>
public sealed class KeyFactsReader(
    KeyPolicyService keys, UsageStatistics statistics, UsageForecast forecast, RequestLog requests, TimeProvider clock)
{
    /// <returns>Null if there is no such key that the actor may see.</returns>
    public async Task<KeyFacts?> ReadAsync(Actor actor, long id, UsageRange range, UsageStep step, TimeZoneInfo zone)
    {
        if (await keys.FindAsync(actor, id) is not { } key
            || await statistics.ForAsync(actor, new UsageQuestion(new UsageScope.OfKey(id), range, step), zone) is not { } report)
        {
            return null;
        }

        return new KeyFacts(
            key,
            report,
            await forecast.OfKeyAsync(actor, id),
            await requests.RefusalsAsync(actor, report.Starts[0], clock.GetUtcNow(), id),
            await requests.LastSeenAsync(actor, id));
    }
}
