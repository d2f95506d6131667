namespace NexLlm.Dashboard.Channels.Routing.Strategies;

/// <summary>Picks the channel with the fewest requests in flight relative to its weight. Ties are broken by weighted random choice.</summary>
internal sealed class LeastRequestsStrategy(Random random) : IRoutingStrategy
{
    private readonly WeightedRandomStrategy _chance = new(random);

    public string Name => "LeastRequests";

    public RouteTarget Pick(ReadOnlySpan<RouteTarget> candidates)
    {
        // A random starting point prevents idle channels from sending everything to the first one.
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
