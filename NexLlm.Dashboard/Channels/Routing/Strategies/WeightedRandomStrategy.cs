namespace NexLlm.Dashboard.Channels.Routing.Strategies;

/// <summary>Gives each channel a share of the requests proportional to its weight.</summary>
internal sealed class WeightedRandomStrategy(Random random) : IRoutingStrategy
{
    public const string StrategyName = "WeightedRandom";

    public string Name => StrategyName;

    public RouteTarget Pick(ReadOnlySpan<RouteTarget> candidates)
    {
        var total = 0L;
        foreach (var candidate in candidates)
        {
            total += candidate.Channel.Weight;
        }

        var drawn = random.NextInt64(total);
        foreach (var candidate in candidates)
        {
            drawn -= candidate.Channel.Weight;
            if (drawn < 0)
            {
                return candidate;
            }
        }

        return candidates[^1];
    }
}
