using System.Net;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>The stored state of a key.</summary>
public sealed record KeyState(string Name, KeySnapshot Snapshot, bool IsDeleted);

/// <summary>An in-memory key, a single object for the life of the process.</summary>
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

    /// <summary>The state used by the checks.</summary>
    public KeySnapshot Snapshot => Value.Snapshot;

    public bool IsDeleted => Value.IsDeleted;

    /// <summary>Guarded by the account's gate.</summary>
    public Spending Spending { get; }

    /// <summary>The requests in progress, including those whose client has disconnected. Changed with <see cref="Interlocked"/>.</summary>
    public ref int Running => ref _running;

    /// <summary>A consistent snapshot for the caller checks.</summary>
    public CallerFacts Calling(IPAddress? address, DateTimeOffset now) => new(Snapshot, new AccountSnapshot(Account.State.IsActive), address, now);
}
