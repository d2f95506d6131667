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
        var table = new UsageTable<string>(timeline.Starts.Count);
        if (KeyId is { } key)
        {
            reader.ReadModelsOfKey(timeline.Stored(UsagePeriod.Quarter), key, table.Add);
        }
        else
        {
            reader.ReadModels(timeline.Stored(UsagePeriod.Hour), AccountId ?? ModelUsage.Everybody, table.Add);
        }

        return table;
    }

    /// <summary>Sums by key over the whole time.</summary>
    public Dictionary<(long AccountId, long KeyId), UsageSums> Keys(IUsageReader reader, DateTimeOffset from, DateTimeOffset to)
    {
        var sums = new Dictionary<(long, long), UsageSums>();
        reader.ReadKeys(new Timeline([from], to).Stored(UsagePeriod.Day), AccountId, (int _, (long, long) key, in UsageSums sum) => sums.AddTo(key, sum));
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
        reader.Read(timeline.Stored(UsagePeriod.Day), (int i, int key, in UsageSums sums) => all[key][i] += sums);
        return all;
    }
}
