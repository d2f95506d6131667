using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Usage;

/// <summary>When a quota runs out at the current rate.</summary>
/// <param name="TokensPerDay">The rate, in charged tokens.</param>
/// <param name="RunsOutAt">The instant at which nothing is left.</param>
public readonly record struct Runway(double TokensPerDay, DateTimeOffset RunsOutAt)
{
    /// <summary>The period of the average rate, which covers the variations of a whole week.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>A shorter history counts as this long, because an hour's burst is not a weekly rate.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromDays(1);

    /// <summary>Quotas that last longer count as never running out.</summary>
    private static readonly TimeSpan _farthest = TimeSpan.FromDays(3650);

    /// <param name="quota">The current quota.</param>
    /// <param name="used">Charged tokens during <paramref name="during"/>.</param>
    /// <param name="during">The period up to now that determines the rate.</param>
    /// <param name="now">The current time.</param>
    /// <returns>Null if it doesn't run out at this rate; for an exhausted quota, the current time.</returns>
    public static Runway? Of(TokenQuota quota, long used, TimeSpan during, DateTimeOffset now)
    {
        if (quota.Remaining is not { } remaining)
        {
            return null;
        }

        var perDay = used / (during > _least ? during : _least).TotalDays;
        var days = remaining == 0 ? 0 : remaining / perDay;
        return days > _farthest.TotalDays ? null : new Runway(perDay, now.AddDays(days));
    }
}
