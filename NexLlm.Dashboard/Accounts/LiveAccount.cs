using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts;

/// <summary>What the database says of an account.</summary>
/// <param name="IsActive">False once somebody disabled it.</param>
/// <param name="TokenLimit">The overall quota in charged tokens; null is unlimited.</param>
public sealed record AccountState(bool IsActive, long? TokenLimit);

/// <summary>An account in memory, one object for the life of the process.</summary>
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

    /// <summary>Of all its keys together.</summary>
    public Spending Spending { get; }

    /// <summary>Requests of all its keys in progress. Changed with <see cref="Interlocked"/>.</summary>
    public ref int Running => ref _running;

    /// <summary>Memory that the bodies of its requests hold. Changed with <see cref="Interlocked"/>.</summary>
    public ref long BodyBytes => ref _bodyBytes;

    /// <summary>Guards the spending of the account and of all its keys, so that a request is decided over both in one step.</summary>
    internal Lock Gate { get; } = new();
}

/// <summary>
/// Charged tokens, as they are this moment: the database follows within a second. Only the ledger changes them, under the
/// account's <see cref="LiveAccount.Gate"/>.
/// </summary>
public sealed class Spending(long used)
{
    private long _used = used;

    /// <summary>May be read without the gate.</summary>
    public long Used
    {
        get => Volatile.Read(ref _used);
        internal set => Volatile.Write(ref _used, value);
    }

    /// <summary>Held back for requests in flight.</summary>
    public long Reserved { get; internal set; }
}
