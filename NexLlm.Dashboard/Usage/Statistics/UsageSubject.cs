using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>Whose usage is read: one key's, one account's, or everybody's if both are null.</summary>
/// <param name="Name">The key's name or the account's email, unless it is the actor's own.</param>
internal sealed record UsageSubject(long? AccountId, long? KeyId = null, string? Name = null)
{
    /// <summary>Sums by model and period of the timeline.</summary>
    public UsageTable<string> Models(IUsageReader reader, Timeline timeline)
    {
        var sheet = new UsageTable<string>(timeline.Starts.Count);
        var sums = new Dictionary<string, UsageSums>();
        for (var i = 0; i < timeline.Starts.Count; i++)
        {
            var (from, to) = timeline[i];
            foreach (var (period, start) in PeriodSplitter.Split(from, to, KeyId is null ? UsagePeriod.Hour : UsagePeriod.Quarter))
            {
                if (KeyId is { } key)
                {
                    reader.AddModelsOfKey(start, key, sums);
                }
                else
                {
                    reader.AddModels((int)period, start, AccountId ?? ModelUsage.Everybody, sums);
                }
            }

            sheet.Add(i, sums);
            sums.Clear();
        }

        return sheet;
    }

    /// <summary>Sums by key over the whole time.</summary>
    public Dictionary<(long AccountId, long KeyId), UsageSums> Keys(IUsageReader reader, DateTimeOffset from, DateTimeOffset to)
    {
        var sums = new Dictionary<(long, long), UsageSums>();
        foreach (var (period, start) in PeriodSplitter.Split(from, to, UsagePeriod.Day))
        {
            reader.AddKeys((int)period, start, AccountId, sums);
        }

        return sums;
    }

    /// <summary>The sums of a few keys, in the given order, by period of the timeline.</summary>
    public static IReadOnlyList<UsageSums[]> OfKeys(NexLlmDbContext db, Timeline timeline, IReadOnlyList<(long AccountId, long KeyId)> keys)
    {
        if (keys is [])
        {
            return [];
        }

        using var reader = db.OpenKeyUsageReader(keys);
        var all = keys.Select(_ => new UsageSums[timeline.Starts.Count]).ToList();
        var sums = new UsageSums[keys.Count];
        for (var i = 0; i < timeline.Starts.Count; i++)
        {
            Array.Clear(sums);
            var (from, to) = timeline[i];
            foreach (var (period, start) in PeriodSplitter.Split(from, to, UsagePeriod.Day))
            {
                reader.Add((int)period, start, sums);
            }

            for (var key = 0; key < sums.Length; key++)
            {
                all[key][i] = sums[key];
            }
        }

        return all;
    }
}
