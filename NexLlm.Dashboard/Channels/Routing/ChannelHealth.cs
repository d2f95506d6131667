namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>How a channel does at this moment: what every page shows, from the same evidence.</summary>
/// <param name="Phase">Whether requests are sent to it.</param>
/// <param name="RestsUntil">When a request tries it again; null while it does not rest.</param>
/// <param name="Calls">Calls of the last five minutes that ended with an answer or a failure.</param>
/// <param name="Failures">Those of them that failed by the channel's fault.</param>
public readonly record struct ChannelHealth(CircuitPhase Phase, DateTimeOffset? RestsUntil, long Calls, long Failures)
{
    /// <summary>What was last found out by a check or a request; null before the first.</summary>
    public HealthFinding? Last { get; init; }

    /// <summary>When the circuit opened; null while it is closed.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>The circuit counts requests, so it outweighs any check.</summary>
    public ChannelStatus Status => Phase switch
    {
        CircuitPhase.Open => ChannelStatus.Paused,
        CircuitPhase.HalfOpen => ChannelStatus.Recovering,
        CircuitPhase.Closed => Last?.Status ?? ChannelStatus.Unknown,
    };

    /// <summary>Since when it has this status; null if nothing was ever found out.</summary>
    public DateTimeOffset? Since => PausedAt ?? Last?.Since;

    /// <summary>When it was last checked, or last answered a request; null if neither ever happened.</summary>
    public DateTimeOffset? CheckedAt => Last?.At;

    /// <summary>How long the last check took; null if it had no answer.</summary>
    public TimeSpan? Latency => Last?.Latency;

    /// <summary>Why the last check failed, in plain words for administrators; null if it did not.</summary>
    public string? Error => Last?.Error;

    /// <summary>From 0 to 1; 0 without calls.</summary>
    public double ErrorRate => Calls == 0 ? 0 : (double)Failures / Calls;
}

/// <summary>Whether requests are sent to a channel.</summary>
public enum CircuitPhase
{
    Closed,

    /// <summary>It failed too often and rests.</summary>
    Open,

    /// <summary>Its rest is over; the next request shows whether it is back.</summary>
    HalfOpen,
}

/// <summary>Whether a channel would answer a request, the best first.</summary>
public enum ChannelStatus
{
    /// <summary>It answered the last check or request.</summary>
    Healthy,

    /// <summary>Not checked yet, or its answer to the check says nothing about requests.</summary>
    Unknown,

    /// <summary>Its pause is over; the next request shows whether it is back.</summary>
    Recovering,

    /// <summary>It failed too often and gets no requests for a moment.</summary>
    Paused,

    /// <summary>The provider rejects the stored key.</summary>
    KeyRejected,

    /// <summary>Nothing answers at its base URL, or something that is no API.</summary>
    Unreachable,
}

/// <summary>What was found out about a channel.</summary>
/// <param name="Status"><see cref="ChannelStatus.Healthy"/>, <see cref="ChannelStatus.Unknown"/>, <see cref="ChannelStatus.KeyRejected"/> or <see cref="ChannelStatus.Unreachable"/>.</param>
/// <param name="At">When it was found out.</param>
/// <param name="Since">When it was first found so without a break.</param>
/// <param name="Latency">How long a check took; null of a request, and of a check without an answer.</param>
/// <param name="Error">In plain words, never a credential; null if nothing is wrong.</param>
public sealed record HealthFinding(ChannelStatus Status, DateTimeOffset At, DateTimeOffset Since, TimeSpan? Latency = null, string? Error = null);
