namespace NexLlm.Dashboard.Channels.Routing.Strategies;

/// <summary>Chooses among channels of equal priority. Thread-safe.</summary>
public interface IRoutingStrategy
{
    /// <summary>By which settings choose it; case does not matter.</summary>
    string Name { get; }

    /// <param name="candidates">At least one.</param>
    RouteTarget Pick(ReadOnlySpan<RouteTarget> candidates);

    bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
