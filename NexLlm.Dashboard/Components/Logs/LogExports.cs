using System.Collections.Concurrent;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>Where the page that offers an export and the answer that streams it meet: how far it is, and that it shall stop.</summary>
public sealed class LogExports
{
    private readonly ConcurrentDictionary<Guid, LogExport> _exports = new();

    /// <summary>An export that the account may ask for, until it is disposed.</summary>
    public LogExport Offer(long accountId)
    {
        var export = new LogExport(accountId, gone => _exports.TryRemove(gone.Id, out _));
        _exports[export.Id] = export;
        return export;
    }

    /// <summary>Null unless it was offered to this account.</summary>
    public LogExport? Find(Guid id, long? accountId) => _exports.TryGetValue(id, out var export) && export.AccountId == accountId ? export : null;
}

/// <summary>One export of the log into a file.</summary>
public sealed class LogExport(long accountId, Action<LogExport> forget) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private long _lines;
    private long _backTo;
    private volatile LogExportState _state;

    public Guid Id { get; } = Guid.NewGuid();

    public long AccountId { get; } = accountId;

    public LogExportState State => _state;

    /// <summary>How many have been sent.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>All since then has been sent; null before anything has.</summary>
    public DateTimeOffset? BackTo => Interlocked.Read(ref _backTo) is var instant and not 0 ? DateTimeOffset.FromUnixTimeMilliseconds(instant) : null;

    public CancellationToken Cancelled => _cancelled.Token;

    public void Begin() => _state = LogExportState.Running;

    public void Sent(int lines, DateTimeOffset backTo)
    {
        Interlocked.Add(ref _lines, lines);
        Interlocked.Exchange(ref _backTo, backTo.ToUnixTimeMilliseconds());
    }

    public void End(bool complete) => _state = complete ? LogExportState.Complete : LogExportState.BrokenOff;

    /// <summary>Also where the browser never asked for the file.</summary>
    public void Cancel()
    {
        _cancelled.Cancel();
        _state = _state is LogExportState.Offered ? LogExportState.BrokenOff : _state;
    }

    /// <summary>Whoever watched it is gone; what is being sent goes on.</summary>
    public void Dispose() => forget(this);
}

public enum LogExportState
{
    Offered,
    Running,
    Complete,
    BrokenOff,
}
