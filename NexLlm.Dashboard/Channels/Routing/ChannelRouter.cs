using System.Buffers;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing.Strategies;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Chooses the channel that a request is sent to next.</summary>
public sealed class ChannelRouter(IEnumerable<IRoutingStrategy> strategies, IOptions<RoutingOptions> options)
{
    private readonly IRoutingStrategy _strategy = strategies.First(s => s.Is(options.Value.Strategy));

    /// <summary>
    /// Of the targets that speak <paramref name="api"/>, do not rest and were not tried, one of the highest priority. It
    /// then counts as tried. Null if there is none left.
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
