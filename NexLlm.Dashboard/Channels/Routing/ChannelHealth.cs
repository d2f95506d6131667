namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>The current health of a channel. All pages show it from the same data.</summary>
/// <param name="Phase">Whether requests are sent to the channel.</param>
/// <param name="RestsUntil">When the next request probes the channel; null while it isn't paused.</param>
/// <param name="Calls">The calls of the last five minutes that ended with a response or a failure.</param>
/// <param name="Failures">Those that failed because of the channel.</param>
public readonly record struct ChannelHealth(CircuitPhase Phase, DateTimeOffset? RestsUntil, long Calls, long Failures)
{
    /// <summary>The last result of a check or request; null before the first.</summary>
    public HealthFinding? Last { get; init; }

    /// <summary>When the circuit opened; null while it is closed.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>The circuit state is based on requests, so it takes precedence over checks.</summary>
    public ChannelStatus Status => Phase switch
    {
        CircuitPhase.Open => ChannelStatus.Paused,
        CircuitPhase.HalfOpen => ChannelStatus.Recovering,
        CircuitPhase.Closed => Last?.Status ?? ChannelStatus.Unknown,
    };

    /// <summary>When the channel got this status; null if nothing is known.</summary>
    public DateTimeOffset? Since => PausedAt ?? Last?.Since;

    /// <summary>When it was last checked or last answered a request; null if neither has happened.</summary>
    public DateTimeOffset? CheckedAt => Last?.At;

    /// <summary>The duration of the last check; null if it got no answer.</summary>
    public TimeSpan? Latency => Last?.Latency;

    /// <summary>Why the last check failed, worded for administrators; null if it succeeded.</summary>
    public string? Error => Last?.Error;

    /// <summary>From 0 to 1; 0 if there were no calls.</summary>
    public double ErrorRate => Calls == 0 ? 0 : (double)Failures / Calls;
}

public enum CircuitPhase
{
    Closed,

    /// <summary>Paused after repeated failures.</summary>
    Open,

    /// <summary>The pause is over; the next request shows whether the channel has recovered.</summary>
    HalfOpen,
}

/// <summary>Whether a channel is expected to answer a request, best first.</summary>
public enum ChannelStatus
{
    /// <summary>Answered the last check or request.</summary>
    Healthy,

    /// <summary>Not checked yet, or the check was inconclusive.</summary>
    Unknown,

    /// <summary>The pause is over; the next request shows whether the channel has recovered.</summary>
    Recovering,

    /// <summary>Gets no requests for a while after repeated failures.</summary>
    Paused,

    /// <summary>The provider rejects the stored key.</summary>
    KeyRejected,

    /// <summary>Nothing answers at the base URL, or the answer isn't from an API.</summary>
    Unreachable,
}

/// <summary>A finding about a channel's health.</summary>
/// <param name="Status"><see cref="ChannelStatus.Healthy"/>, <see cref="ChannelStatus.Unknown"/>, <see cref="ChannelStatus.KeyRejected"/>
/// or <see cref="ChannelStatus.Unreachable"/>.</param>
/// <param name="At">When it was found.</param>
/// <param name="Since">When the current, uninterrupted status began.</param>
/// <param name="Latency">The duration of the check; null for requests and for checks without an answer.</param>
/// <param name="Error">Worded for people, never a credential; null if there is no error.</param>
public sealed record HealthFinding(ChannelStatus Status, DateTimeOffset At, DateTimeOffset Since, TimeSpan? Latency = null, string? Error = null);
