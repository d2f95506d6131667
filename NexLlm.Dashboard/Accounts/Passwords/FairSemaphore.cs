namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// A few slots for CPU-bound work. Callers wait in the lane of their address or account, and lanes take turns: many requests in one lane
/// delay each other, but others by one turn at most.
/// </summary>
/// <param name="slots">The maximum number of concurrent operations.</param>
/// <param name="maxWaiting">The maximum number of waiting callers in all lanes.</param>
internal sealed class FairSemaphore(int slots, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _lanes = [];
    private readonly Queue<string> _turns = new();
    private int _free = slots;
    private int _waiting;

    /// <summary>The number of waiting callers.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a slot, which <see cref="Exit"/> passes on.</summary>
    /// <returns>False immediately if too many callers are waiting.</returns>
    /// <exception cref="OperationCanceledException">The caller was canceled while waiting and holds no slot.</exception>
    public async ValueTask<bool> TryEnterAsync(string lane, CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource> waiter;
        lock (_lock)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_free > 0)
            {
                _free--;
                return true;
            }

            if (_waiting >= maxWaiting)
            {
                return false;
            }

            waiter = Queue(lane);
        }

        await using (cancellation.UnsafeRegister(_ => Leave(lane, waiter, cancellation), null))
        {
            await waiter.Value.Task;
        }

        return true;
    }

    public void Exit()
    {
        lock (_lock)
        {
            if (!_turns.TryDequeue(out var lane))
            {
                _free++;
                return;
            }

            var waiters = _lanes[lane];
            var next = waiters.First!.Value;
            waiters.RemoveFirst();
            _waiting--;
            if (waiters.Count == 0)
            {
                _lanes.Remove(lane);
            }
            else
            {
                _turns.Enqueue(lane);
            }

            next.SetResult();
        }
    }

    private LinkedListNode<TaskCompletionSource> Queue(string lane)
    {
        if (!_lanes.TryGetValue(lane, out var waiters))
        {
            _lanes[lane] = waiters = new LinkedList<TaskCompletionSource>();
            _turns.Enqueue(lane);
        }

        _waiting++;
        return waiters.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    private void Leave(string lane, LinkedListNode<TaskCompletionSource> waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            // No longer queued: its turn has come.
            if (waiter.List is not { } waiters)
            {
                return;
            }

            waiters.Remove(waiter);
            _waiting--;
            if (waiters.Count == 0)
            {
                _lanes.Remove(lane);
                RemoveTurn(lane);
            }

            waiter.Value.SetCanceled(cancellation);
        }
    }

    private void RemoveTurn(string lane)
    {
        for (var left = _turns.Count; left > 0; left--)
        {
            if (_turns.Dequeue() is var turn && turn != lane)
            {
                _turns.Enqueue(turn);
            }
        }
    }
}
