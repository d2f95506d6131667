using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs;

/// <summary>Everything that is recorded of one request. Of the channels that it was sent to, the last is.</summary>
/// <param name="Line">As in the list.</param>
/// <param name="AccountId">For administrators only; null if it is nobody's.</param>
/// <param name="GroupId">For administrators only.</param>
/// <param name="ChannelId">For administrators only; null if none was called.</param>
/// <param name="Charge">Null if nothing was reserved, or the charge is no longer kept.</param>
/// <param name="Reason">What the caller was told, without the values of this request; null if it was not refused here.</param>
public sealed record LogDetails(LogEntry Line, long? AccountId, long? GroupId, long? ChannelId, LoggedCharge? Charge, string? Reason);

/// <summary>A request's receipt.</summary>
/// <param name="State">Whether it is settled, and how.</param>
/// <param name="Ratio">The group's ratio when the request was reserved.</param>
/// <param name="ReservedTokens">Charged tokens still held back; 0 once it is settled.</param>
/// <param name="IsClamped">The provider made more than was reserved; charged is only that.</param>
/// <param name="StartedAt">When it was reserved.</param>
/// <param name="SettledAt">Null while it runs.</param>
public sealed record LoggedCharge(
    long Id, ChargeState State, UsageSource Source, decimal Ratio, long ReservedTokens, long InputTokens, long OutputTokens, long ChargedTokens, bool IsClamped,
    DateTimeOffset StartedAt, DateTimeOffset? SettledAt);
