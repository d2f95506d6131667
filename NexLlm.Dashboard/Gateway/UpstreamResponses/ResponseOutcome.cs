using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>What the relay does next.</summary>
internal enum NextStep
{
    /// <summary>The answer goes to the client and is charged. Nothing else is.</summary>
    PassAnswer,

    /// <summary>The upstream's words about the request go to the client.</summary>
    PassRejection,

    /// <summary>The same channel is asked once more, without what only the gateway added.</summary>
    RetryWithoutUsage,

    NextChannel,

    /// <summary>Something may have been made, and billed to us: no other channel is asked.</summary>
    GiveUp,
}

/// <summary>What the channel's health is told.</summary>
internal enum CircuitEffect
{
    None,

    /// <summary>It counts in the error rate. It may depend on the request, so the channel keeps its circuit closed.</summary>
    CountsAsFailure,

    /// <summary>When it repeats, the channel rests.</summary>
    Trips,
}

/// <summary>What an upstream's answer means for the client, the channel, the log and the ledger.</summary>
/// <param name="Verdict">What the client and the log are told if no other channel answers; null where the upstream's own answer is passed on.</param>
internal sealed record ResponseOutcome(NextStep Next, CircuitEffect CircuitEffect, Verdict? Verdict)
{
    public static readonly ResponseOutcome Answer = new(NextStep.PassAnswer, CircuitEffect.None, null);

    /// <summary>Something is wrong with the request: no channel would answer it.</summary>
    public static readonly ResponseOutcome Rejection = new(NextStep.PassRejection, CircuitEffect.None, null);

    /// <summary>The upstream does not know the option that asks for usage in a stream.</summary>
    public static readonly ResponseOutcome NoUsageOption = new(NextStep.RetryWithoutUsage, CircuitEffect.None, null);

    public static readonly ResponseOutcome Failed = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamError);

    public static readonly ResponseOutcome Overloaded = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.NoChannel);

    public static readonly ResponseOutcome RateLimited = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamRateLimited);

    /// <summary>The address, the provider key or the credit of the channel is wrong: only an administrator can mend that.</summary>
    public static readonly ResponseOutcome Misconfigured = new(NextStep.NextChannel, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamMisconfigured);

    /// <summary>The same, but as a client could provoke it, or for one model only.</summary>
    public static readonly ResponseOutcome Unserved = new(NextStep.NextChannel, CircuitEffect.CountsAsFailure, Keys.Policy.Verdict.UpstreamMisconfigured);

    public static readonly ResponseOutcome BrokenOff = new(NextStep.GiveUp, CircuitEffect.Trips, Keys.Policy.Verdict.UpstreamError);

    /// <summary>No connection, or one that ended before an answer. The client of the upstream has told the channel's health already.</summary>
    public static readonly ResponseOutcome Unreachable = new(NextStep.NextChannel, CircuitEffect.None, Keys.Policy.Verdict.NoChannel);
}
