using System.Threading.Tasks.Sources;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// One request's charge, from its reservation to its end: <see cref="SettleAsync"/> or <see cref="Abandon"/>, whichever comes
/// first, exactly once. One caller at a time.
/// </summary>
public sealed class ChargeTicket : IValueTaskSource
{
    /// <summary>No request has more, whatever an upstream claims.</summary>
    public const long MaxTokens = 1_000_000_000_000;

    private const short DurableToken = 1;
    private const short SettledToken = 2;

    private readonly LedgerQueue _queue;
    private readonly bool _limited;
    private ManualResetValueTaskSourceCore<bool> _durable;
    private ManualResetValueTaskSourceCore<bool> _settled;
    private long _output;
    private bool _ended;
    private bool _isAbandoned;
    private LedgerEntry _entry;

    internal ChargeTicket(LedgerQueue queue, LiveKey key, in ReservationRequest request, long reserved, bool limited, long reservedAt)
    {
        _queue = queue;
        _limited = limited;
        Key = key;
        Request = request;
        Reserved = reserved;
        ReservedAt = reservedAt;
        InputTokens = Math.Clamp(request.PromptBound, 0, MaxTokens);
    }

    public LiveKey Key { get; }

    public ReservationRequest Request { get; }

    /// <summary>Charged tokens held back until the end.</summary>
    public long Reserved { get; }

    /// <summary>It was charged, rather than abandoned. Known at its end.</summary>
    internal bool IsSettled => SettledAt is not null && !_isAbandoned;

    /// <summary>What was charged; 0 before the end.</summary>
    public long Charged { get; private set; }

    /// <summary>The clock's timestamp.</summary>
    internal long ReservedAt { get; }

    internal long InputTokens { get; private set; }

    internal long OutputTokens => Volatile.Read(ref _output);

    internal UsageSource Source { get; private set; }

    /// <summary>The usage came to more than was reserved, and a limit was in force.</summary>
    internal bool IsClamped { get; private set; }

    internal DateTimeOffset? SettledAt { get; private set; }

    /// <summary>How far it is written.</summary>
    internal ref LedgerEntry Entry => ref _entry;

    /// <summary>Completes when the reservation is durable. Ask again only after it has completed.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be written. <see cref="Abandon"/> it, or settle what was generated.</exception>
    public ValueTask DurableAsync() => _queue.WhenDurable(this) switch
    {
        WriteStatus.Done => ValueTask.CompletedTask,
        WriteStatus.Pending => new ValueTask(this, DurableToken),
        WriteStatus.Failed => ValueTask.FromException(new StorageUnavailableException()),
    };

    /// <summary>Says how many tokens were made so far; what is charged if the process does not live to settle. Costs nothing.</summary>
    public void Checkpoint(long outputSoFar) => Volatile.Write(ref _output, Math.Clamp(outputSoFar, OutputTokens, MaxTokens));

    /// <summary>Charges what was used. It counts immediately; the task completes when it is durable.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be written now. It counts nevertheless, and is written when that is possible again.</exception>
    /// <exception cref="InvalidOperationException">It was settled or abandoned before.</exception>
    public ValueTask SettleAsync(in Settlement used)
    {
        if (Interlocked.Exchange(ref _ended, true))
        {
            throw new InvalidOperationException("A request is charged once.");
        }

        InputTokens = Math.Clamp(used.InputTokens, 0, MaxTokens);
        Volatile.Write(ref _output, Math.Clamp(used.OutputTokens, 0, MaxTokens));
        Source = used.Source;
        var price = Price.Of(InputTokens, OutputTokens, Request.RatioMillionths);
        var most = _limited ? Reserved : TokenQuota.MaxTokens;
        IsClamped = price > most;
        Charged = Math.Min(price, most);
        SettledAt = _queue.Now;
        Release(Charged);
        return _queue.Settle(this) switch
        {
            WriteStatus.Done => ValueTask.CompletedTask,
            WriteStatus.Pending => new ValueTask(this, SettledToken),
            WriteStatus.Failed => ValueTask.FromException(new StorageUnavailableException()),
        };
    }

    /// <summary>Nothing billable happened, so nothing is charged. Does nothing once it is settled.</summary>
    public void Abandon()
    {
        if (!Interlocked.Exchange(ref _ended, true))
        {
            _isAbandoned = true;
            SettledAt = _queue.Now;
            Release(charged: 0);
            _queue.Abandon(this);
        }
    }

    /// <summary>In the state that the batch being written gives it.</summary>
    internal ChargeRow ToRow() => new(
        Entry.Id, Request.RequestId, Key.Id, Key.Account.Id, Request.GroupId, Request.Model, (int)Entry.Taken, (int)Source,
        Request.RatioMillionths, Entry.Taken is ChargeState.Reserved ? Reserved : 0, InputTokens, OutputTokens,
        Entry.Taken is ChargeState.Settled ? Charged : 0, IsClamped, Entry.Settlement, Request.StartedAt.ToUnixTimeMilliseconds(),
        Entry.Taken is ChargeState.Reserved ? null : SettledAt?.ToUnixTimeMilliseconds());

    internal void CompleteDurable(StorageUnavailableException? failure) => Complete(ref _durable, failure);

    internal void CompleteSettled(StorageUnavailableException? failure) => Complete(ref _settled, failure);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => Core(token).GetStatus(Core(token).Version);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Core(token).OnCompleted(continuation, state, Core(token).Version, flags);

    void IValueTaskSource.GetResult(short token) => Core(token).GetResult(Core(token).Version);

    private static void Complete(ref ManualResetValueTaskSourceCore<bool> core, StorageUnavailableException? failure)
    {
        if (failure is null)
        {
            core.SetResult(true);
        }
        else
        {
            core.SetException(failure);
        }
    }

    private ref ManualResetValueTaskSourceCore<bool> Core(short token) => ref token == DurableToken ? ref _durable : ref _settled;

    private void Release(long charged)
    {
        var account = Key.Account;
        lock (account.Gate)
        {
            Release(Key.Spending, charged);
            Release(account.Spending, charged);
        }
    }

    private void Release(Spending spending, long charged)
    {
        spending.Reserved -= Reserved;
        spending.Used += charged;
    }
}
