using System.Runtime.InteropServices;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// Completes the waits for a batch once it is written or has failed. Several continuations run in turn on one pool thread,
/// because waking a thread for each would cost more than the write they wait for.
/// </summary>
internal sealed class WaiterCompletion
{
    private const int SmallestGroup = 8;

    private readonly List<ChargeTicket> _durable = [];
    private readonly List<ChargeTicket> _settled = [];

    /// <summary>Takes the ticket if it waits to be durable. Call under the queue's lock.</summary>
    public void TakeDurable(ref LedgerEntry entry, ChargeTicket ticket)
    {
        if (entry.WaitsDurable)
        {
            entry.WaitsDurable = false;
            _durable.Add(ticket);
        }
    }

    /// <summary>Takes the ticket if it waits to be settled. Call under the queue's lock.</summary>
    public void TakeSettled(ref LedgerEntry entry, ChargeTicket ticket)
    {
        if (entry.WaitsSettled)
        {
            entry.WaitsSettled = false;
            _settled.Add(ticket);
        }
    }

    /// <param name="failure">Why the write failed; null if it succeeded.</param>
    public void Complete(Exception? failure)
    {
        Complete(_durable, forSettled: false, failure);
        Complete(_settled, forSettled: true, failure);
    }

    private static void Complete(List<ChargeTicket> tickets, bool forSettled, Exception? failure)
    {
        ReadOnlySpan<ChargeTicket> waiting = CollectionsMarshal.AsSpan(tickets);
        var size = Math.Max(SmallestGroup, (waiting.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        for (; !waiting.IsEmpty; waiting = waiting[Math.Min(size, waiting.Length)..])
        {
            ThreadPool.UnsafeQueueUserWorkItem(new Group(waiting[..Math.Min(size, waiting.Length)].ToArray(), forSettled, failure), preferLocal: false);
        }

        tickets.Clear();
    }

    private sealed class Group(ChargeTicket[] waiting, bool forSettled, Exception? failure) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var ticket in waiting)
            {
                // Each waiter needs its own exception, because the stack trace is the waiter's.
                var exception = failure is null ? null : new StorageUnavailableException(failure);
                if (forSettled)
                {
                    ticket.CompleteSettled(exception);
                }
                else
                {
                    ticket.CompleteDurable(exception);
                }
            }
        }
    }
}
