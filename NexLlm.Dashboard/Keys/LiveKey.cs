using System.Net;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>What the database says of a key.</summary>
public sealed record KeyState(string Name, KeySnapshot Snapshot, bool IsDeleted);

/// <summary>A key in memory, one object for the life of the process.</summary>
public sealed class LiveKey : LiveCopy<KeyState>
{
    private int _running;

    internal LiveKey(long id, LiveAccount account, KeyState state, long used)
        : base(state)
    {
        Id = id;
        Account = account;
        Spending = new Spending(used);
    }

    public long Id { get; }

    public LiveAccount Account { get; }

    public string Name => Value.Name;

    /// <summary>What the checks look at.</summary>
    public KeySnapshot Snapshot => Value.Snapshot;

    public bool IsDeleted => Value.IsDeleted;

    /// <summary>Guarded by its account's gate.</summary>
    public Spending Spending { get; }

    /// <summary>Requests in flight, those included that nobody waits for any more. Changed with <see cref="Interlocked"/>.</summary>
    public ref int Running => ref _running;

    /// <summary>For the caller's checks, of one moment.</summary>
    public CallerFacts Calling(IPAddress? address, DateTimeOffset now) => new(Snapshot, new AccountSnapshot(Account.State.IsActive), address, now);
}
