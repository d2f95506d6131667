using System.Threading.Tasks.Sources;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// One request's charge, from its reservation to <see cref="SettleAsync"/> or <see cref="Abandon"/>. Only the first of these
/// applies. Not safe for concurrent use.
/// </summary>
public sealed class ChargeTicket : IValueTaskSource
{
    /// <summary>The maximum for any request, whatever a provider claims.</summary>
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

    /// <summary>The charged tokens reserved until the end.</summary>
    public long Reserved { get; }

    /// <summary>Whether it was charged rather than abandoned. Known once it has ended.</summary>
    internal bool IsSettled => SettledAt is not null && !_isAbandoned;

    /// <summary>The charged tokens; 0 before the end.</summary>
    public long Charged { get; private set; }

    /// <summary>A timestamp of the clock.</summary>
    internal long ReservedAt { get; }

    internal long InputTokens { get; private set; }

    internal long OutputTokens => Volatile.Read(ref _output);

    internal UsageSource Source { get; private set; }

    /// <summary>Whether the usage exceeded the reservation while a limit applied.</summary>
    internal bool IsClamped { get; private set; }

    internal DateTimeOffset? SettledAt { get; private set; }

    /// <summary>Its persistence state.</summary>
    internal ref LedgerEntry Entry => ref _entry;

    /// <summary>Completes when the reservation is durable. Call it again only after it has completed.</summary>
    /// <exception cref="StorageUnavailableException">It can't be written. <see cref="Abandon"/> it, or settle what was generated.</exception>
    public ValueTask DurableAsync() => _queue.WhenDurable(this) switch
    {
        WriteStatus.Done => ValueTask.CompletedTask,
        WriteStatus.Pending => new ValueTask(this, DurableToken),
        WriteStatus.Failed => ValueTask.FromException(new StorageUnavailableException()),
    };

    /// <summary>Records the output tokens so far, which are charged if the process ends before settling. Costs nothing.</summary>
    public void Checkpoint(long outputSoFar) => Volatile.Write(ref _output, Math.Clamp(outputSoFar, OutputTokens, MaxTokens));

    /// <summary>Charges the actual usage. It counts immediately; the task completes when it is durable.</summary>
    /// <exception cref="StorageUnavailableException">It can't be written now. It still counts, and is written once storage works again.</exception>
    /// <exception cref="InvalidOperationException">It was already settled or abandoned.</exception>
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

    /// <summary>Ends the charge without charging, because nothing billable happened. Does nothing once settled.</summary>
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

    /// <summary>The row in the state assigned by the batch being written.</summary>
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
