namespace NexLlm.Dashboard.Data;

/// <summary>The ledger's writes. EF Core's overhead per row exceeds the database's own work, so each engine writes them by hand.</summary>
internal interface ILedgerStore : IBatchStore
{
    /// <summary>Adds to the roll-up tables in the same transaction.</summary>
    IRollUpStore RollUp { get; }

    /// <summary>
    /// Adds a charge. After a <see cref="CommitUnknownException"/> its row may exist already; then it's settled if it's still running and left
    /// alone otherwise.
    /// </summary>
    void Insert(in ChargeRow row);

    /// <summary>Settles a charge that is stored as running.</summary>
    void Settle(in ChargeRow row);

    /// <summary>Records the output so far of a charge that is stored as running.</summary>
    void Checkpoint(long id, long outputTokens);

    void AddToKey(long id, long tokens, long lastUsedAt);

    void AddToAccount(long id, long tokens);

    /// <summary>
    /// Makes the batch's additions to keys, accounts and the roll-up count exactly once: they apply only if the stored watermark is
    /// <paramref name="from"/>, which becomes <paramref name="to"/>. If it is <paramref name="to"/> already, an earlier attempt whose outcome was
    /// unknown has applied them, and the commit succeeds without them. Any other watermark fails the batch.
    /// </summary>
    void MoveWatermark(long from, long to, long oldestOpenId);
}

/// <summary>Adds to the roll-up tables of the charges, in the transaction of whoever opened it.</summary>
internal interface IRollUpStore : IDisposable
{
    void Add(in QuarterKey key, in UsageSums sums);

    void Add(in ModelUsageKey key, in UsageSums sums);

    void Add(in KeyUsageKey key, in UsageSums sums);

    /// <summary>Sends what was added, if it isn't there yet.</summary>
    void Flush();
}
