using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs;

/// <summary>Everything recorded about one request. Of the channels it was sent to, only the last is recorded.</summary>
/// <param name="Line">As in the list.</param>
/// <param name="AccountId">For administrators only; null if the request belongs to no account.</param>
/// <param name="GroupId">For administrators only.</param>
/// <param name="ChannelId">For administrators only; null if none was called.</param>
/// <param name="Charge">Null if nothing was reserved, or the charge is no longer kept.</param>
/// <param name="Reason">The error message without values of this request; null if NexLLM didn't reject it.</param>
public sealed record LogDetails(LogEntry Line, long? AccountId, long? GroupId, long? ChannelId, LoggedCharge? Charge, string? Reason);

/// <summary>The charge of a request.</summary>
/// <param name="State">Whether and how it is settled.</param>
/// <param name="Ratio">The group's ratio at reservation.</param>
/// <param name="ReservedTokens">Charged tokens still reserved; 0 once settled.</param>
/// <param name="IsClamped">Whether the provider generated more than was reserved, and only the reservation was charged.</param>
/// <param name="StartedAt">When it was reserved.</param>
/// <param name="SettledAt">Null while it runs.</param>
public sealed record LoggedCharge(
    long Id, ChargeState State, UsageSource Source, decimal Ratio, long ReservedTokens, long InputTokens, long OutputTokens, long ChargedTokens, bool IsClamped,
    DateTimeOffset StartedAt, DateTimeOffset? SettledAt);
