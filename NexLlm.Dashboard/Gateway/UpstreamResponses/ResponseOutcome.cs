using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>The relay's next step.</summary>
internal enum NextStep
{
    /// <summary>Passes the response to the client and charges it. Nothing else is charged.</summary>
    PassAnswer,

    /// <summary>Passes the provider's error message to the client.</summary>
    PassRejection,

    /// <summary>Tries the same channel again without the option only the gateway added.</summary>
    RetryWithoutUsage,

    NextChannel,

    /// <summary>Tries no other channel, because the provider may have generated and billed something.</summary>
    GiveUp,
}

/// <summary>The effect on the channel's health.</summary>
internal enum CircuitEffect
{
    None,

    /// <summary>Counts toward the error rate. The failure may depend on the request, so the circuit stays closed.</summary>
    CountsAsFailure,

    /// <summary>Pauses the channel if repeated.</summary>
    Trips,
}

/// <summary>The consequences of a provider's response for the client, the channel, the log and the ledger.</summary>
/// <param name="Verdict">The error for the client and the log if no other channel answers; null if the provider's own response is passed on.</param>
internal sealed record ResponseOutcome(NextStep Next, CircuitEffect CircuitEffect, Verdict? Verdict)
{
    public static readonly ResponseOutcome Answer = new(NextStep.PassAnswer, CircuitEffect.None, null);

    /// <summary>The request itself is invalid, so no channel would answer it.</summary>
    public static readonly ResponseOutcome Rejection = new(NextStep.PassRejection, CircuitEffect.None, null);

    /// <summary>The provider doesn't support requesting usage in a stream.</summary>
    public static readonly ResponseOutcome NoUsageOption = new(NextStep.RetryWithoutUsage, CircuitEffect.None, null);

    public static readonly ResponseOutcome Failed = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamError);

    public static readonly ResponseOutcome Overloaded = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.NoChannel);

    public static readonly ResponseOutcome RateLimited = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamRateLimited);

    /// <summary>The channel's URL, provider key or credit is invalid, which only an administrator can fix.</summary>
    public static readonly ResponseOutcome Misconfigured = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamMisconfigured);

    /// <summary>Like <see cref="Misconfigured"/>, but a client could provoke it, or it affects only one model.</summary>
    public static readonly ResponseOutcome Unserved = new(NextStep.NextChannel, CircuitEffect.CountsAsFailure, Keys.Policy.Verdict.UpstreamMisconfigured);

    public static readonly ResponseOutcome BrokenOff = new(NextStep.GiveUp, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamError);

    /// <summary>No connection, or one that ended before a response. The upstream client has already reported it to the channel's health.</summary>
    public static readonly ResponseOutcome Unreachable = new(NextStep.NextChannel, CircuitEffect.None, Keys.Policy.Verdict.NoChannel);
}
