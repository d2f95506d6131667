namespace NexLlm.Dashboard.Data;

// What the ledger writes, as plain numbers: what they mean is the ledger's business. Instants are Unix milliseconds.

internal readonly record struct ChargeRow(
    long Id,
    string RequestId,
    long KeyId,
    long AccountId,
    long GroupId,
    string Model,
    int State,
    int Source,
    long RatioMillionths,
    long ReservedTokens,
    long InputTokens,
    long OutputTokens,
    long ChargedTokens,
    bool IsClamped,
    long? Settlement,
    long StartedAt,
    long? SettledAt);

/// <summary>Which row of the roll-up.</summary>
internal readonly record struct HourKey(long KeyId, long AccountId, long GroupId, string Model, long Hour);

/// <summary>What is added to it.</summary>
internal readonly record struct HourSums(long Requests, long InputTokens, long OutputTokens, long ChargedTokens, long CountedRequests);
