using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts;

/// <summary>An account's state as stored in the database.</summary>
/// <param name="IsActive">False if the account is disabled.</param>
/// <param name="TokenLimit">The overall quota in charged tokens; null means unlimited.</param>
public sealed record AccountState(bool IsActive, long? TokenLimit);

/// <summary>An account in memory: a single instance for the life of the process.</summary>
public sealed class LiveAccount : LiveCopy<AccountState>
{
    private int _running;
    private long _bodyBytes;

    internal LiveAccount(long id, AccountState state, long used)
        : base(state)
    {
        Id = id;
        Spending = new Spending(used);
    }

    public long Id { get; }

    public AccountState State => Value;

    /// <summary>The total of all its keys.</summary>
    public Spending Spending { get; }

    /// <summary>The requests in progress with any of its keys. Modified with <see cref="Interlocked"/>.</summary>
    public ref int Running => ref _running;

    /// <summary>The memory held by the bodies of its requests. Modified with <see cref="Interlocked"/>.</summary>
    public ref long BodyBytes => ref _bodyBytes;

    /// <summary>Guards the spending of the account and all its keys, so that a request is admitted against both in one step.</summary>
    internal Lock Gate { get; } = new();
}

/// <summary>
/// Charged tokens in real time; the database lags by up to a second. Only the ledger
/// modifies them, under the account's <see cref="LiveAccount.Gate"/>.
/// </summary>
public sealed class Spending(long used)
{
    private long _used = used;

    /// <summary>Can be read without the gate.</summary>
    public long Used
    {
        get => Volatile.Read(ref _used);
        internal set => Volatile.Write(ref _used, value);
    }

    /// <summary>The tokens reserved for requests in progress.</summary>
    public long Reserved { get; internal set; }
}
