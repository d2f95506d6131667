namespace NexLlm.Dashboard.Events;

/// <summary>Notifies subscribers in this process of a change after it has been committed.</summary>
public abstract class Changes<T>
{
    private event Action<T>? Changed;

    /// <summary>Handlers run on the thread that made the change, so they must offload long work. Dispose the result to unsubscribe.</summary>
    public IDisposable Subscribe(Action<T> handler)
    {
        Changed += handler;
        return new Subscription(() => Changed -= handler);
    }

    internal bool IsHeard => Changed is not null;

    internal void Publish(T change) => Changed?.Invoke(change);

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
