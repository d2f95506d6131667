namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>The targets a request was already sent to. The first one needs no allocation, and most requests try only one.</summary>
public struct TriedTargets
{
    private RouteTarget? _first;
    private List<RouteTarget>? _others;

    internal readonly bool Contains(RouteTarget target) => target == _first || (_others is not null && _others.Contains(target));

    internal void Add(RouteTarget target)
    {
        if (_first is null)
        {
            _first = target;
        }
        else
        {
            (_others ??= []).Add(target);
        }
    }
}
