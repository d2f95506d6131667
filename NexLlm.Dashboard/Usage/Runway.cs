using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Usage;

/// <summary>When a quota runs out at the current rate.</summary>
/// <param name="TokensPerDay">The rate, in charged tokens.</param>
/// <param name="RunsOutAt">The instant at which nothing is left.</param>
public readonly record struct Runway(double TokensPerDay, DateTimeOffset RunsOutAt)
{
    /// <summary>The rate is the average over this time, which covers a whole week's ups and downs.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>A shorter history counts as this long: an hour's burst is nobody's rate for a week.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromDays(1);

    /// <summary>Anything further away never runs out.</summary>
    private static readonly TimeSpan _farthest = TimeSpan.FromDays(3650);

    /// <param name="quota">Now.</param>
    /// <param name="used">Charged tokens during <paramref name="during"/>.</param>
    /// <param name="during">The time up to now that the pace is taken from.</param>
    /// <param name="now">Now.</param>
    /// <returns>Null if at this pace it does not run out; of what is used up already, now.</returns>
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
