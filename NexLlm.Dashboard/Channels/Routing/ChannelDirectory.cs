using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Holds the groups and channels in memory, in the form that requests use.</summary>
public sealed partial class ChannelDirectory(
    IDbContextFactory<NexLlmDbContext> contexts, ProviderKeys keys, CircuitFactory circuits, ILogger<ChannelDirectory> logger) : IDataPreparation, IDisposable
{
    private readonly SemaphoreSlim _reloading = new(1);
    private volatile ChannelMap _current = ChannelMap.Empty;

    /// <summary>Read once per request, because a reload replaces it.</summary>
    public ChannelMap Current => _current;

    Task IDataPreparation.PrepareAsync(CancellationToken cancellation) => ReloadAsync(cancellation);

    /// <summary>
    /// Reloads everything from the database. A channel with an unchanged base URL and
    /// credential keeps its health. Running requests keep the channel they were sent to.
    /// </summary>
    public async Task ReloadAsync(CancellationToken cancellation = default)
    {
        await _reloading.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            var channels = await db.Set<Channel>().AsNoTracking().Where(c => c.IsEnabled).OrderBy(c => c.Id).Whole().ToListAsync(cancellation);
            var groups = await db.Set<ChannelGroup>().AsNoTracking().Where(g => g.IsEnabled).OrderBy(g => g.Id).ToListAsync(cancellation);
            _current = Map(groups, channels);
        }
        finally
        {
            _reloading.Release();
        }
    }

    public void Dispose() => _reloading.Dispose();

    private ChannelMap Map(List<ChannelGroup> groups, List<Channel> stored)
    {
        var before = _current.Channels.ToDictionary(c => c.Id);
        var all = stored.Select(c => (Stored: c, Live: TryLive(c, before.GetValueOrDefault(c.Id)))).ToList();
        var channels = all.Where(c => c.Live is not null).ToList();
        return new ChannelMap(
            groups.Select(group => new GroupRoutes(group, channels
                .Where(c => c.Stored.Groups.Exists(g => g.Id == group.Id))
                .SelectMany(c => c.Stored.Models, (c, model) => (Channel: c.Live!, Model: model))
                .GroupBy(s => s.Model.Name, StringComparer.Ordinal)
                .Select(served => new ModelRoutes(served.Key, served)))),
            channels.Select(c => c.Live!),
            all.Where(c => c.Live is null).Select(c => c.Stored.Id));
    }

    /// <summary>Returns null if the credential is lost, because calls without it would only fail.</summary>
    private LiveChannel? TryLive(Channel stored, LiveChannel? before)
    {
        string? providerKey = null;
        if (stored.ProtectedApiKey is { } encrypted && !keys.TryUnprotect(encrypted, out providerKey))
        {
            LogKeyLost(stored.Name);
            return null;
        }

        var live = new LiveChannel(stored, providerKey, before?.Circuit ?? circuits.Create(stored.Name), before);
        return before is null || before.HasSameEndpoint(live) ? live : new LiveChannel(stored, providerKey, circuits.Create(stored.Name));
    }

    [LoggerMessage(LogLevel.Error,
        "Channel {Channel} can't decrypt its provider key: it was encrypted with a key ring or master key that is missing. Enter the key again, or restore the master key.")]
    private partial void LogKeyLost(string channel);
}
