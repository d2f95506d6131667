using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>What becomes of a transaction.</summary>
internal enum CommitOutcome
{
    Committed,

    /// <summary>Rolled back, and the ledger is told so.</summary>
    Failed,

    /// <summary>Committed, but the answer is lost.</summary>
    UnknownApplied,

    /// <summary>Never arrived.</summary>
    UnknownLost,

    /// <summary>It arrives only after the next transaction.</summary>
    UnknownLate,
}

/// <summary>A database in memory, whose transactions end as a script says. After each it checks that a crash now would lose nothing.</summary>
internal sealed class ScriptedLedger : IDisposable
{
    private readonly ManualResetEventSlim _running = new(true);
    private readonly Queue<CommitOutcome> _script = new();
    private readonly List<StoredBatch> _late = [];

    public StoredLedger Stored { get; } = new();

    public List<string> Breaches { get; } = [];

    /// <summary>Released once by each transaction that is about to end.</summary>
    public SemaphoreSlim Reached { get; } = new(0);

    /// <summary>What becomes of the next transactions. All others are committed.</summary>
    public void Next(params ReadOnlySpan<CommitOutcome> outcomes)
    {
        lock (_script)
        {
            foreach (var outcome in outcomes)
            {
                _script.Enqueue(outcome);
            }
        }
    }

    /// <summary>From now on all transactions are committed.</summary>
    public void Heal()
    {
        lock (_script)
        {
            _script.Clear();
        }
    }

    /// <summary>Transactions wait before they end.</summary>
    public void Pause() => _running.Reset();

    public void Resume() => _running.Set();

    public ILedgerStore Open() => new Store(this);

    public void Dispose()
    {
        _running.Dispose();
        Reached.Dispose();
    }

    private void End(StoredBatch batch)
    {
        Reached.Release();
        _running.Wait();
        CommitOutcome outcome;
        lock (_script)
        {
            outcome = _script.TryDequeue(out var next) ? next : CommitOutcome.Committed;
        }

        if (outcome is CommitOutcome.Committed or CommitOutcome.UnknownApplied)
        {
            Apply(batch);
        }

        if (outcome is CommitOutcome.UnknownLate)
        {
            _late.Add(batch);
        }
        else
        {
            _late.ForEach(Apply);
            _late.Clear();
        }

        switch (outcome)
        {
            case CommitOutcome.Committed:
                break;
            case CommitOutcome.Failed:
                throw new InvalidOperationException("Rolled back.");
            default:
                throw new CommitUnknownException(new IOException("The connection broke."));
        }
    }

    private void Apply(StoredBatch batch)
    {
        if (!Stored.Apply(batch) && !_late.Contains(batch))
        {
            Breaches.Add("The watermark is neither the one before nor the one after.");
        }

        Breaches.AddRange(Stored.LostByCrash());
    }

    private sealed class Store(ScriptedLedger ledger) : ILedgerStore, IRollUpStore
    {
        private StoredBatch _batch = new();

        public IRollUpStore RollUp => this;

        public void Begin() => _batch = new StoredBatch();

        public void Insert(in ChargeRow row) => _batch.Rows.Add(row);

        public void Settle(in ChargeRow row) => _batch.Rows.Add(row);

        public void Checkpoint(long id, long outputTokens) => _batch.Checkpoints.Add((id, outputTokens));

        public void AddToKey(long id, long tokens, long lastUsedAt) => _batch.Keys.AddTo(id, new UsageSums(0, 0, 0, tokens));

        public void AddToAccount(long id, long tokens) => _batch.Accounts.AddTo(id, new UsageSums(0, 0, 0, tokens));

        public void MoveWatermark(long from, long to, long oldestOpenId) => _batch.Move = (from, to, oldestOpenId);

        public void Add(in QuarterKey key, in UsageSums sums) => _batch.Quarters.AddTo(key, sums);

        public void Add(in ModelUsageKey key, in UsageSums sums) => _batch.Models.AddTo(key, sums);

        public void Add(in KeyUsageKey key, in UsageSums sums) => _batch.KeyUsage.AddTo(key, sums);

        public void Flush()
        {
        }

        public void Commit() => ledger.End(_batch);

        public void Dispose()
        {
        }
    }
}
