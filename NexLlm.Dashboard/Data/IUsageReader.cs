namespace NexLlm.Dashboard.Data;

/// <summary>Reads the usage of one period from the roll-up tables, in the transaction of the context that opened it.</summary>
internal interface IUsageReader : IDisposable
{
    /// <summary>Adds the account's usage of each model.</summary>
    /// <param name="period">The length of the period, in minutes.</param>
    /// <param name="start">The start of the period.</param>
    void AddModels(int period, long start, long accountId, Dictionary<string, UsageSums> sums);

    /// <summary>Adds the usage of each key, for one account or for all if it is null.</summary>
    /// <inheritdoc cref="AddModels"/>
    void AddKeys(int period, long start, long? accountId, Dictionary<(long AccountId, long KeyId), UsageSums> sums);

    /// <summary>Adds one key's usage of each model in a quarter-hour.</summary>
    void AddModelsOfKey(long quarter, long keyId, Dictionary<string, UsageSums> sums);
}

/// <summary>Reads the usage of a few keys for one period after another.</summary>
internal interface IKeyUsageReader : IDisposable
{
    /// <param name="period">The length of the period, in minutes.</param>
    /// <param name="start">The start of the period.</param>
    /// <param name="sums">One entry per key, in the order of the keys.</param>
    void Add(int period, long start, Span<UsageSums> sums);
}
