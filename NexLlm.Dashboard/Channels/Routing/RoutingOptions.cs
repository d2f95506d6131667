using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Routing.Strategies;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Section <c>Routing</c>: how the channel of a request is chosen.</summary>
public sealed record RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>The name of the <see cref="IRoutingStrategy"/> that chooses among channels of equal priority.</summary>
    public string Strategy { get; init; } = WeightedRandomStrategy.StrategyName;

    /// <summary>
    /// A channel is paused when this share of its calls fails, given at least <see
    /// cref="CircuitMinimumCalls"/> calls within <see cref="CircuitWindow"/>.
    /// </summary>
    [Range(0.01, 1.0)]
    public double CircuitFailureRatio { get; init; } = 0.5;

    [Range(2, 1_000_000, ErrorMessage = "Use a number from 2 to 1000000.")]
    public int CircuitMinimumCalls { get; init; } = 5;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CircuitWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The length of a pause, after which one request probes the channel.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CircuitRest { get; init; } = TimeSpan.FromSeconds(15);
}

internal sealed class RoutingValidator(IEnumerable<IRoutingStrategy> strategies) : IValidateOptions<RoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingOptions options) =>
        strategies.Any(s => s.Is(options.Strategy))
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{RoutingOptions.Section}:{nameof(RoutingOptions.Strategy)} is “{options.Strategy}”. Use one of {string.Join(", ", strategies.Select(s => s.Name))}.");
}
