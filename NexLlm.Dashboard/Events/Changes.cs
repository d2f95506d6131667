namespace NexLlm.Dashboard.Events;

/// <summary>Tells whoever listens in this process that something was changed, after the change is durable.</summary>
public abstract class Changes<T>
{
    private event Action<T>? Changed;

    /// <summary>Handlers run on the thread that made the change: hand long work on. Disposing the result ends it.</summary>
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
