using System.Buffers;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing.Strategies;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Chooses the next channel for a request.</summary>
public sealed class ChannelRouter(IEnumerable<IRoutingStrategy> strategies, IOptions<RoutingOptions> options)
{
    private readonly IRoutingStrategy _strategy = strategies.First(s => s.Is(options.Value.Strategy));

    /// <summary>
    /// Picks a target of the highest priority among those that support <paramref name="api"/>, aren't paused and weren't tried, and marks
    /// it as tried. Returns null if none is left.
    /// </summary>
    public RouteTarget? Next(ModelRoutes routes, UpstreamApi api, ref TriedTargets tried)
    {
        foreach (var tier in routes.Tiers)
        {
            if (Pick(tier, api, tried) is { } target)
            {
                tried.Add(target);
                return target;
            }
        }

        return null;
    }

    private RouteTarget? Pick(RouteTarget[] tier, UpstreamApi api, in TriedTargets tried)
    {
        var candidates = ArrayPool<RouteTarget>.Shared.Rent(tier.Length);
        var count = 0;
        foreach (var target in tier)
        {
            if (target.Channel.Speaks(api) && !target.Channel.Circuit.Rests && !tried.Contains(target))
            {
                candidates[count++] = target;
            }
        }

        var picked = count switch
        {
            0 => null,
            1 => candidates[0],
            _ => _strategy.Pick(candidates.AsSpan(0, count)),
        };
        ArrayPool<RouteTarget>.Shared.Return(candidates, clearArray: true);
        return picked;
    }
}
