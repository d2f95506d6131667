using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// Tells those who waited for a group that it is written, or cannot be. A few of them in turn on one thread of the pool: to wake
/// a thread for each would cost more than to write what they wait for.
/// </summary>
internal sealed class WaiterCompletion : IThreadPoolWorkItem
{
    private const int Fewest = 8;

    private readonly ChargeTicket[] _waiting;
    private readonly bool _forSettled;
    private readonly Exception? _failure;

    private WaiterCompletion(ReadOnlySpan<ChargeTicket> waiting, bool forSettled, Exception? failure)
    {
        _waiting = waiting.ToArray();
        _forSettled = forSettled;
        _failure = failure;
    }

    /// <param name="failure">Why it could not be written; null if it is.</param>
    public static void Queue(ReadOnlySpan<ChargeTicket> waiting, bool forSettled, Exception? failure = null)
    {
        var batch = Math.Max(Fewest, (waiting.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        for (; !waiting.IsEmpty; waiting = waiting[Math.Min(batch, waiting.Length)..])
        {
            ThreadPool.UnsafeQueueUserWorkItem(new WaiterCompletion(waiting[..Math.Min(batch, waiting.Length)], forSettled, failure), preferLocal: false);
        }
    }

    public void Execute()
    {
        foreach (var ticket in _waiting)
        {
            // One exception each: its stack is the waiter's.
            var failure = _failure is null ? null : new StorageUnavailableException(_failure);
            if (_forSettled)
            {
                ticket.CompleteSettled(failure);
            }
            else
            {
                ticket.CompleteDurable(failure);
            }
        }
    }
}
