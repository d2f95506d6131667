using System.Collections.Concurrent;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>Connects the page that offers an export with the response that streams it: reports the progress and cancels it.</summary>
public sealed class LogExports
{
    private readonly ConcurrentDictionary<Guid, LogExport> _exports = new();

    /// <summary>Offers an export to the account, until it is disposed.</summary>
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

    /// <summary>The number of lines sent.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Everything from this instant on has been sent; null if nothing has.</summary>
    public DateTimeOffset? BackTo => Interlocked.Read(ref _backTo) is var instant and not 0 ? DateTimeOffset.FromUnixTimeMilliseconds(instant) : null;

    public CancellationToken Cancelled => _cancelled.Token;

    public void Begin() => _state = LogExportState.Running;

    public void Sent(int lines, DateTimeOffset backTo)
    {
        Interlocked.Add(ref _lines, lines);
        Interlocked.Exchange(ref _backTo, backTo.ToUnixTimeMilliseconds());
    }

    public void End(bool complete) => _state = complete ? LogExportState.Complete : LogExportState.BrokenOff;

    /// <summary>Also applies if the browser never requested the file.</summary>
    public void Cancel()
    {
        _cancelled.Cancel();
        _state = _state is LogExportState.Offered ? LogExportState.BrokenOff : _state;
    }

    /// <summary>Stops tracking; a running download continues.</summary>
    public void Dispose() => forget(this);
}

public enum LogExportState
{
    Offered,
    Running,
    Complete,
    BrokenOff,
}
