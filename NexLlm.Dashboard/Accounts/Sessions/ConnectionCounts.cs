namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>Counts connections per account, per address and in total.</summary>
internal sealed class ConnectionCounts
{
    private readonly Dictionary<long, int> _byAccount = [];
    private readonly Dictionary<string, int> _byNetwork = [];

    public int Count { get; private set; }

    public int Of(long accountId) => _byAccount.GetValueOrDefault(accountId);

    public int Of(string network) => _byNetwork.GetValueOrDefault(network);

    public void Add(long accountId, string network) => Change(accountId, network, 1);

    public void Remove(long accountId, string network) => Change(accountId, network, -1);

    private void Change(long accountId, string network, int by)
    {
        Count += by;
        Change(_byAccount, accountId, by);
        Change(_byNetwork, network, by);
    }

    private static void Change<TKey>(Dictionary<TKey, int> counts, TKey key, int by)
        where TKey : notnull
    {
        var count = counts.GetValueOrDefault(key) + by;
        if (count == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = count;
        }
    }
}
