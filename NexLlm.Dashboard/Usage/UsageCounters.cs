using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage;

/// <summary>Collects what settled charges add to the counters of keys and accounts and to the roll-up, until it is written.</summary>
internal sealed class UsageCounters
{
    private readonly Dictionary<long, KeyUse> _keys = [];
    private readonly Dictionary<long, long> _accounts = [];
    private readonly UsageRollUp _rollUp = new();

    public bool IsEmpty => _keys.Count == 0;

    public void Add(in ChargeRow settled)
    {
        var key = _keys.GetValueOrDefault(settled.KeyId);
        _keys[settled.KeyId] = new(settled.AccountId, key.Tokens + settled.ChargedTokens, Math.Max(key.LastUsedAt, settled.StartedAt));
        _accounts[settled.AccountId] = _accounts.GetValueOrDefault(settled.AccountId) + settled.ChargedTokens;
        _rollUp.Add(settled);
    }

    /// <summary>Writes the sums in the caller's transaction.</summary>
    public void WriteTo(ILedgerStore store)
    {
        foreach (var (id, use) in _keys)
        {
            store.AddToKey(id, use.Tokens, use.LastUsedAt);
        }

        foreach (var (id, tokens) in _accounts)
        {
            store.AddToAccount(id, tokens);
        }

        _rollUp.WriteTo(store.RollUp);
    }

    /// <summary>Clears what was written and returns the affected keys.</summary>
    public List<KeysChanged> Clear()
    {
        var changed = _keys.GroupBy(k => k.Value.AccountId, k => k.Key).Select(g => new KeysChanged(g.Key, [.. g], OnlyUsage: true)).ToList();
        _keys.Clear();
        _accounts.Clear();
        _rollUp.Clear();
        return changed;
    }

    private readonly record struct KeyUse(long AccountId, long Tokens, long LastUsedAt);
}
