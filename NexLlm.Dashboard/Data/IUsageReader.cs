namespace NexLlm.Dashboard.Data;

/// <summary>A period of the roll-up tables.</summary>
/// <param name="Slot">Where the reader's caller adds up what is found.</param>
/// <param name="Minutes">Its length.</param>
/// <param name="Start">Its start, in Unix milliseconds.</param>
internal readonly record struct StoredPeriod(int Slot, int Minutes, long Start);

/// <summary>Takes sums that were read. There may be several for the same slot and subject.</summary>
internal delegate void UsageSink<T>(int slot, T of, in UsageSums sums);

/// <summary>
/// Reads the usage of many periods from the roll-up tables, in the transaction of the context that opened it. All periods are passed at once,
/// because one engine reads them best one by one and the other all together.
/// </summary>
internal interface IUsageReader : IDisposable
{
    /// <summary>Reads the account's usage of each model.</summary>
    void ReadModels(IEnumerable<StoredPeriod> periods, long accountId, UsageSink<string> sink);

    /// <summary>Reads the usage of each key, for one account or for all if it is null.</summary>
    void ReadKeys(IEnumerable<StoredPeriod> periods, long? accountId, UsageSink<(long AccountId, long KeyId)> sink);

    /// <summary>Reads one key's usage of each model in quarter-hours.</summary>
    void ReadModelsOfKey(IEnumerable<StoredPeriod> quarters, long keyId, UsageSink<string> sink);
}

/// <summary>Reads the usage of a few keys. As in <see cref="IUsageReader"/>, all periods are passed at once.</summary>
internal interface IKeyUsageReader : IDisposable
{
    /// <param name="periods">The periods.</param>
    /// <param name="sink">Takes the sums of a key by its place in the order of the keys.</param>
    void Read(IEnumerable<StoredPeriod> periods, UsageSink<int> sink);
}
