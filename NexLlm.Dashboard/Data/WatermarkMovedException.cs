namespace NexLlm.Dashboard.Data;

/// <summary>The stored watermark is not the one this process wrote last: another process writes to the same ledger.</summary>
internal sealed class WatermarkMovedException(long expected)
    : Exception($"The ledger's watermark is no longer {expected}. Only one server may use a database.");
