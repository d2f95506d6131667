using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Models;

/// <summary>
/// Reloads, at most once a second, when channels or their health change. Also reloads by timer, because the end of a pause raises
/// no event.
/// </summary>
internal sealed class ModelsRefresh : IDisposable
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(5);

    private readonly Throttle _refresh;
    private readonly IDisposable _changes;
    private readonly IDisposable _health;
    private readonly ITimer _clock;

    public ModelsRefresh(ChannelChanges changes, ChannelHealthChanges health, TimeProvider time, Func<Task> refresh)
    {
        _refresh = new Throttle(time, TimeSpan.FromSeconds(1), () => _ = refresh());
        _changes = changes.Subscribe(_ => _refresh.Request());
        _health = health.Subscribe(_ => _refresh.Request());
        _clock = time.CreateTimer(_ => _refresh.Request(), null, _every, _every);
    }

    public void Dispose()
    {
        _changes.Dispose();
        _health.Dispose();
        _clock.Dispose();
        _refresh.Dispose();
    }
}
