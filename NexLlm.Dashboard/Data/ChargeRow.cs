namespace NexLlm.Dashboard.Data;

/// <summary>A charge as it is written, in plain numbers whose meaning is the ledger's business. Instants are Unix milliseconds.</summary>
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
