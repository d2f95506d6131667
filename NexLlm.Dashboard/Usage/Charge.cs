using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>One request's receipt: reserved, then settled. The charges are the truth; counters are a cache of them.</summary>
public sealed class Charge
{
    /// <summary>In the order of reservation. Given by the ledger, which is the only one to write here.</summary>
    public long Id { get; internal set; }

    /// <summary>The <c>x-request-id</c> of the answer.</summary>
    public required string RequestId { get; init; }

    public long KeyId { get; internal set; }

    public long AccountId { get; init; }

    public long GroupId { get; init; }

    public required string Model { get; init; }

    public ChargeState State { get; init; }

    /// <summary>Where the number of tokens comes from; means nothing while the request runs.</summary>
    public UsageSource Source { get; init; }

    /// <summary>The group's ratio when the request was reserved, in millionths.</summary>
    public long RatioMillionths { get; init; }

    /// <summary>Charged tokens held back while the request runs; 0 once it is settled.</summary>
    public long ReservedTokens { get; init; }

    /// <summary>While the request runs, the bound of its prompt.</summary>
    public long InputTokens { get; init; }

    /// <summary>While the request runs, what was made by the last checkpoint.</summary>
    public long OutputTokens { get; init; }

    /// <summary>ceil((input + output) x ratio), unless <see cref="IsClamped"/>; 0 until it is settled.</summary>
    public long ChargedTokens { get; init; }

    /// <summary>The upstream made more than it was allowed to; charged is only what was reserved.</summary>
    public bool IsClamped { get; init; }

    /// <summary>
    /// The place in the order of settling, which tells whether the counters have it (<see cref="LedgerState.Watermark"/>). 0 if they
    /// got it in the same transaction; null of a request that is not settled or charged nothing.
    /// </summary>
    public long? Settlement { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    internal ChargeRow ToRow() => new(
        Id, RequestId, KeyId, AccountId, GroupId, Model, (int)State, (int)Source, RatioMillionths, ReservedTokens, InputTokens, OutputTokens,
        ChargedTokens, IsClamped, Settlement, StartedAt.ToUnixTimeMilliseconds(), SettledAt?.ToUnixTimeMilliseconds());
}

/// <summary>The state of a charge. Stored as a number: add, but never renumber.</summary>
public enum ChargeState
{
    Reserved = 0,
    Settled = 1,

    /// <summary>Its process was gone; settled at the next start by what was known.</summary>
    Recovered = 2,

    /// <summary>Nothing billable happened, so nothing was charged.</summary>
    Abandoned = 3,
}

/// <summary>Where the number of tokens comes from. Stored as a number: add, but never renumber.</summary>
public enum UsageSource
{
    /// <summary>Reported by the upstream.</summary>
    Upstream = 0,

    /// <summary>Counted here, because the upstream did not say.</summary>
    Counted = 1,

    /// <summary>The bound of the prompt and the last checkpoint of the answer.</summary>
    Recovered = 2,

    /// <summary>The price of the model, because its upstream reports no tokens.</summary>
    Priced = 3,
}
