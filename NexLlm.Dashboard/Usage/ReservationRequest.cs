namespace NexLlm.Dashboard.Usage;

/// <summary>A request that is about to be sent upstream.</summary>
/// <param name="RequestId">The <c>x-request-id</c> of its answer.</param>
/// <param name="GroupId">The channel group it goes through.</param>
/// <param name="Model">As the client named it.</param>
/// <param name="RatioMillionths">What a token costs in that group; above 0.</param>
/// <param name="PromptBound">The most tokens that the prompt can have.</param>
/// <param name="OutputBound">The most tokens that all answers together can have.</param>
/// <param name="StartedAt">When the request came.</param>
public readonly record struct ReservationRequest(
    string RequestId, long GroupId, string Model, long RatioMillionths, long PromptBound, long OutputBound, DateTimeOffset StartedAt);

/// <summary>What a request used in the end. Numbers below 0 count as 0.</summary>
public readonly record struct Settlement(long InputTokens, long OutputTokens, UsageSource Source);
