namespace NexLlm.Dashboard.Usage;

/// <summary>A request about to be sent to a provider.</summary>
/// <param name="RequestId">The <c>x-request-id</c> of its response.</param>
/// <param name="GroupId">The channel group used for routing.</param>
/// <param name="Model">The client's name of the model.</param>
/// <param name="RatioMillionths">The group's price of a token; above 0.</param>
/// <param name="PromptBound">The maximum tokens of the prompt.</param>
/// <param name="OutputBound">The maximum tokens of all responses together.</param>
/// <param name="StartedAt">When the request arrived.</param>
public readonly record struct ReservationRequest(
    string RequestId, long GroupId, string Model, long RatioMillionths, long PromptBound, long OutputBound, DateTimeOffset StartedAt);

/// <summary>The actual usage of a request. Negative numbers count as 0.</summary>
public readonly record struct Settlement(long InputTokens, long OutputTokens, UsageSource Source);
