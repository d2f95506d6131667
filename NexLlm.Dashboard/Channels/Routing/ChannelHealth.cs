namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>How a channel does at this moment.</summary>
/// <param name="Phase">Whether requests are sent to it.</param>
/// <param name="RestsUntil">When a request tries it again; null while it does not rest.</param>
/// <param name="Calls">Calls of the last five minutes that ended with an answer or a failure.</param>
/// <param name="Failures">Those of them that failed by the channel's fault.</param>
public readonly record struct ChannelHealth(CircuitPhase Phase, DateTimeOffset? RestsUntil, long Calls, long Failures)
{
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
