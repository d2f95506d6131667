namespace NexLlm.Dashboard.Keys;

/// <summary>Tells whoever listens in this process that keys of an account were changed, after the change is durable.</summary>
public sealed class KeyChanges
{
    private event Action<KeysChanged>? Changed;

    /// <summary>Handlers run on the thread that made the change: hand long work on. Disposing the result ends it.</summary>
    public IDisposable Subscribe(Action<KeysChanged> handler)
    {
        Changed += handler;
        return new Subscription(() => Changed -= handler);
    }

    internal void Publish(KeysChanged change) => Changed?.Invoke(change);

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}

/// <summary>These keys of this account are not what they were.</summary>
public sealed record KeysChanged(long OwnerId, IReadOnlyList<long> KeyIds);
