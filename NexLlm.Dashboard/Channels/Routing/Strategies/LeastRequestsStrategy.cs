namespace NexLlm.Dashboard.Channels.Routing.Strategies;

/// <summary>The channel with the fewest requests in flight for its weight; among equals, by weighted chance.</summary>
internal sealed class LeastRequestsStrategy(Random random) : IRoutingStrategy
{
    private readonly WeightedRandomStrategy _chance = new(random);

    public string Name => "LeastRequests";

    public RouteTarget Pick(ReadOnlySpan<RouteTarget> candidates)
    {
        // Starting from a drawn one keeps idle channels from all sending to the first.
        var least = _chance.Pick(candidates);
        var load = Load(least);
        foreach (var candidate in candidates)
        {
            if (Load(candidate) is var other && other < load)
            {
                (least, load) = (candidate, other);
            }
        }

        return least;
    }

    private static double Load(RouteTarget target) => (double)target.Channel.InFlight / target.Channel.Weight;
}
