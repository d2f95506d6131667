using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>Collects what settled charges add to the roll-up until it is written.</summary>
internal sealed class UsageRollUp
{
    private readonly Dictionary<QuarterKey, UsageSums> _quarters = [];

    public void Add(in ChargeRow settled)
    {
        var quarter = UsagePeriod.Quarter.StartOf(settled.SettledAt!.Value);
        var counted = (UsageSource)settled.Source is UsageSource.Upstream ? 0 : 1;
        _quarters.AddTo(
            new QuarterKey(quarter, settled.KeyId, settled.GroupId, settled.Model, settled.AccountId),
            new UsageSums(1, settled.InputTokens, settled.OutputTokens, settled.ChargedTokens, counted));
    }

    /// <summary>Writes in the transaction of the store. Coarser periods are summed only here, once for many requests.</summary>
    public void WriteTo(IRollUpStore store)
    {
        var models = new Dictionary<ModelUsageKey, UsageSums>();
        var keys = new Dictionary<KeyUsageKey, UsageSums>();
        foreach (var (quarter, sums) in _quarters)
        {
            store.Add(quarter, sums);
            foreach (var period in ModelUsage.Periods)
            {
                var start = period.StartOf(quarter.Quarter);
                models.AddTo(new ModelUsageKey((int)period, start, quarter.AccountId, quarter.Model), sums);
                models.AddTo(new ModelUsageKey((int)period, start, ModelUsage.Everybody, quarter.Model), sums);
            }

            foreach (var period in KeyUsage.Periods)
            {
                keys.AddTo(new KeyUsageKey((int)period, period.StartOf(quarter.Quarter), quarter.AccountId, quarter.KeyId), sums);
            }
        }

        foreach (var (model, sums) in models)
        {
            store.Add(model, sums);
        }

        foreach (var (key, sums) in keys)
        {
            store.Add(key, sums);
        }

        store.Flush();
    }

    public void Clear() => _quarters.Clear();
}
