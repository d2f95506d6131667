using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A transaction of the ledger.</summary>
internal sealed class StoredBatch
{
    public List<ChargeRow> Rows { get; } = [];

    public List<(long Id, long Output)> Checkpoints { get; } = [];

    public (long From, long To, long OldestOpenId)? Move { get; set; }

    public Dictionary<long, UsageSums> Keys { get; } = [];

    public Dictionary<long, UsageSums> Accounts { get; } = [];

    public Dictionary<QuarterKey, UsageSums> Quarters { get; } = [];

    public Dictionary<ModelUsageKey, UsageSums> Models { get; } = [];

    public Dictionary<KeyUsageKey, UsageSums> KeyUsage { get; } = [];
}

/// <summary>The tables of the ledger.</summary>
internal sealed class StoredLedger
{
    private readonly StoredBatch _sums = new();

    public Dictionary<long, ChargeRow> Charges { get; } = [];

    public long Watermark { get; private set; }

    public long OldestOpenId { get; private set; } = 1;

    public long UsedBy(long key) => _sums.Keys.GetValueOrDefault(key).ChargedTokens;

    /// <returns>Whether it was applied, now or before.</returns>
    public bool Apply(StoredBatch batch)
    {
        foreach (var row in batch.Rows)
        {
            if (!Charges.TryGetValue(row.Id, out var stored) || stored.State == (int)ChargeState.Reserved)
            {
                Charges[row.Id] = row;
            }
        }

        foreach (var (id, output) in batch.Checkpoints)
        {
            if (Charges.TryGetValue(id, out var stored) && stored.State == (int)ChargeState.Reserved)
            {
                Charges[id] = stored with { OutputTokens = Math.Max(stored.OutputTokens, output) };
            }
        }

        if (batch.Move is not var (from, to, oldestOpenId))
        {
            return true;
        }

        if (Watermark != from)
        {
            return Watermark == to;
        }

        (Watermark, OldestOpenId) = (to, oldestOpenId);
        Add(batch.Keys, _sums.Keys);
        Add(batch.Accounts, _sums.Accounts);
        Add(batch.Quarters, _sums.Quarters);
        Add(batch.Models, _sums.Models);
        Add(batch.KeyUsage, _sums.KeyUsage);
        return true;
    }

    /// <summary>What a start would get wrong that found the tables as they are now.</summary>
    public IEnumerable<string> LostByCrash()
    {
        var settled = Charges.Values.Where(c => c.State == (int)ChargeState.Settled).ToList();
        var counted = settled.Where(c => c.Settlement <= Watermark).ToList();
        var tokens = counted.Sum(c => c.ChargedTokens);
        var requests = counted.Count;
        if (_sums.Keys.Values.Sum(s => s.ChargedTokens) != tokens || _sums.Accounts.Values.Sum(s => s.ChargedTokens) != tokens)
        {
            yield return $"The counters differ from the {requests} charges up to the watermark {Watermark}.";
        }

        foreach (var (table, sums, times) in new[]
        {
            ("quarters", _sums.Quarters.Values.AsEnumerable(), 1), ("models", _sums.Models.Values, 6), ("keys", _sums.KeyUsage.Values, 4),
        })
        {
            if (sums.Sum(s => s.ChargedTokens) != tokens * times || sums.Sum(s => s.Requests) != requests * times)
            {
                yield return $"The roll-up of {table} differs from the {requests} charges up to the watermark {Watermark}.";
            }
        }

        if (Charges.Values.Any(c => c.Id < OldestOpenId && (c.State == (int)ChargeState.Reserved || c.Settlement > Watermark)))
        {
            yield return $"A start wouldn't look at an open charge below {OldestOpenId}.";
        }
    }

    private static void Add<T>(Dictionary<T, UsageSums> some, Dictionary<T, UsageSums> all)
        where T : notnull
    {
        foreach (var (of, sums) in some)
        {
            all.AddTo(of, sums);
        }
    }
}
