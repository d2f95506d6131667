namespace NexLlm.Dashboard.Data;

/// <summary>A charge as stored, in plain numbers that only the ledger interprets. Instants are Unix milliseconds.</summary>
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
