using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>The charge of one request: reserved, then settled. Charges are the source of truth; counters are a cache of them.</summary>
public sealed class Charge
{
    /// <summary>Ascending in the order of reservation. Assigned by the ledger, the only writer of this table.</summary>
    public long Id { get; internal set; }

    /// <summary>The <c>x-request-id</c> of the response.</summary>
    public required string RequestId { get; init; }

    public long KeyId { get; internal set; }

    public long AccountId { get; init; }

    public long GroupId { get; init; }

    public required string Model { get; init; }

    public ChargeState State { get; init; }

    /// <summary>The source of the token counts; meaningless while the request runs.</summary>
    public UsageSource Source { get; init; }

    /// <summary>The group's ratio at reservation, in millionths.</summary>
    public long RatioMillionths { get; init; }

    /// <summary>The charged tokens reserved while the request runs; 0 once settled.</summary>
    public long ReservedTokens { get; init; }

    /// <summary>While the request runs, the upper bound of its prompt.</summary>
    public long InputTokens { get; init; }

    /// <summary>While the request runs, the output as of the last checkpoint.</summary>
    public long OutputTokens { get; init; }

    /// <summary>ceil((input + output) x ratio), unless <see cref="IsClamped"/>; 0 until settled.</summary>
    public long ChargedTokens { get; init; }

    /// <summary>The provider generated more than allowed; only the reserved amount is charged.</summary>
    public bool IsClamped { get; init; }

    /// <summary>
    /// The position in the order of settlement, which tells whether the counters include it
    /// (<see cref="LedgerState.Watermark"/>). 0 if they were updated in the same transaction; null if the request is not settled
    /// or charged nothing.
    /// </summary>
    public long? Settlement { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    internal ChargeRow ToRow() => new(
        Id, RequestId, KeyId, AccountId, GroupId, Model, (int)State, (int)Source, RatioMillionths, ReservedTokens, InputTokens, OutputTokens,
        ChargedTokens, IsClamped, Settlement, StartedAt.ToUnixTimeMilliseconds(), SettledAt?.ToUnixTimeMilliseconds());
}

/// <summary>The state of a charge. Stored as a number: append values, never renumber.</summary>
public enum ChargeState
{
    Reserved = 0,
    Settled = 1,

    /// <summary>The process ended first; settled at the next start from the known state.</summary>
    Recovered = 2,

    /// <summary>Nothing billable happened, so nothing was charged.</summary>
    Abandoned = 3,
}

/// <summary>The source of the token counts. Stored as a number: append values, never renumber.</summary>
public enum UsageSource
{
    /// <summary>Reported by the provider.</summary>
    Upstream = 0,

    /// <summary>Counted by the gateway, because the provider reported none.</summary>
    Counted = 1,

    /// <summary>The upper bound of the prompt and the last checkpoint of the output.</summary>
    Recovered = 2,

    /// <summary>From the model's price, because its provider reports no tokens.</summary>
    Priced = 3,
}
