namespace NexLlm.Dashboard.Channels.Routing.Strategies;

/// <summary>Chooses among channels of equal priority. Thread-safe.</summary>
public interface IRoutingStrategy
{
    /// <summary>The name used in the settings; case-insensitive.</summary>
    string Name { get; }

    /// <param name="candidates">At least one target.</param>
    RouteTarget Pick(ReadOnlySpan<RouteTarget> candidates);

    bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
