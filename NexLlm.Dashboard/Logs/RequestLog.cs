using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Logs;

/// <summary>
/// The request log: people see the requests of their own keys, administrators all of them. A request appears within a second of
/// its end.
/// </summary>
public sealed partial class RequestLog
{
    /// <summary>How long ongoing operations rely on one check of the actor's permissions.</summary>
    private static readonly TimeSpan _longestTrust = TimeSpan.FromSeconds(1);

    private readonly IDbContextFactory<NexLlmDbContext> _contexts;
    private readonly IDatabaseEngine _engine;
    private readonly LogWriter _writer;
    private readonly LogTail _tail;
    private readonly TimeProvider _clock;
    private readonly ILogger<RequestLog> _log;

    internal RequestLog(
        IDbContextFactory<NexLlmDbContext> contexts, IDatabaseEngine engine, LogWriter writer, LogTail tail, TimeProvider clock,
        ILogger<RequestLog> log)
    {
        _contexts = contexts;
        _engine = engine;
        _writer = writer;
        _tail = tail;
        _clock = clock;
        _log = log;
    }

    /// <summary>Lines dropped since the start, because writing failed or was too slow.</summary>
    public long Dropped => _writer.Dropped;

    /// <summary>How long log lines are kept.</summary>
    public TimeSpan Keep => _writer.Keep;

    /// <summary>A page of the lines the actor can see.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<LogPage> SearchAsync(Actor actor, LogQuery query, CancellationToken cancellation = default)
    {
        var scope = await ScopeAsync(actor, query, cancellation);
        var names = new LogNameResolver(_contexts, scope.IsAdministrator);
        var account = scope.IsAdministrator && query.AccountId is { } only ? await names.AccountAsync(only, cancellation) : null;
        using var reader = _engine.OpenLogReader();
        if (query.RequestId is { } id)
        {
            return new LogPage(await names.ResolveAsync(Named(reader, id, scope), cancellation), null, null, null, scope.IsAdministrator, account);
        }

        var search = new LogSearch(reader, _clock, cancellation);
        var part = await LowPriorityThread.RunAsync(() => search.Page(scope, query));
        return new LogPage(await names.ResolveAsync(part.Rows, cancellation), part.Next, part.Previous, part.SearchedTo, scope.IsAdministrator, account);
    }

    /// <summary>
    /// All results of a search, newest first, in parts; a part is also returned if no lines were found for a while. It takes at
    /// most half of a processor, pausing as long as it works.
    /// </summary>
    /// <param name="make">Processes some lines; called at a low priority, where it takes no time from requests.</param>
    /// <exception cref="AccessDeniedException">The actor's session has ended, or ends during the export.</exception>
    public async IAsyncEnumerable<LogExportPart<T>> ExportAsync<T>(
        Actor actor, LogQuery query, Func<IReadOnlyList<LogEntry>, T> make,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Small enough that the arrays don't end up in the old generation or on the large object heap.
        const int atOnce = 256;
        query = query with { Before = null, After = null };
        var scope = await ScopeAsync(actor, query, cancellation);
        var names = new LogNameResolver(_contexts, scope.IsAdministrator);
        using var reader = _engine.OpenLogReader();
        if (query.RequestId is { } id)
        {
            yield return new(make(await names.ResolveAsync(Named(reader, id, scope), cancellation)), RequestNumber.At(scope.From));
            yield break;
        }

        var scan = new LogScan(reader, scope.Filter, scope.From, scope.Before);
        var askedAt = _clock.GetTimestamp();
        while (!scan.IsOver)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_clock.GetElapsedTime(askedAt) >= _longestTrust)
            {
                askedAt = _clock.GetTimestamp();
                await StillMayAsync(actor, scope, cancellation);
            }

            var since = Stopwatch.GetTimestamp();
            var lines = await names.ResolveAsync(await LowPriorityThread.RunAsync(() => scan.Step(atOnce)), cancellation);
            var made = await LowPriorityThread.RunAsync(() => make(lines));
            var rest = Stopwatch.GetElapsedTime(since);
            yield return new(made, scan.Reached);
            await Task.Delay(rest, cancellation);
        }
    }

    /// <summary>
    /// Reports lines as they are written, at most a few times per second, until the result is disposed or the actor's session
    /// ends.
    /// </summary>
    /// <param name="hear">Called on any thread.</param>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IDisposable> FollowAsync(Actor actor, LogQuery query, Action<LogUpdate> hear, CancellationToken cancellation = default)
    {
        var scope = await ScopeAsync(actor, query, cancellation);
        return _tail.Subscribe(rows =>
        {
            if (rows.Any(row => scope.Holds(row)))
            {
                _ = Task.Run(() => TellAsync(actor, query, rows, hear), CancellationToken.None);
            }
        });
    }

    private static IReadOnlyCollection<LogRow> Named(ILogReader reader, string id, LogScope scope) =>
        RequestNumber.TryParse(id.Trim(), out var number) && reader.Find(number, id.Trim()) is { } row
            && (scope.IsAdministrator || row.AccountId == scope.Filter.AccountId)
            ? [row]
            : [];

    private async Task TellAsync(Actor actor, LogQuery query, IReadOnlyList<LogRow> rows, Action<LogUpdate> hear)
    {
        try
        {
            // The actor's role may have changed since the page started to follow.
            var scope = await ScopeAsync(actor, query, CancellationToken.None);
            var matching = rows.Where(row => scope.Holds(row)).OrderByDescending(row => row.Id).ToList();
            if (matching is not [])
            {
                var shown = matching.Take(LogQuery.PageSize).ToList();
                var names = new LogNameResolver(_contexts, scope.IsAdministrator);
                hear(new LogUpdate(await names.ResolveAsync(shown, CancellationToken.None), IsGap: shown.Count < matching.Count));
            }
        }
        catch (AccessDeniedException)
        {
            // The session has ended: the page is notified elsewhere and receives no more lines.
        }
        catch (Exception error)
        {
            // The page shows the lines on its next refresh; the writer must not fail because of it.
            NotTold(error);
        }
    }

    private async Task<LogScope> ScopeAsync(Actor actor, LogQuery query, CancellationToken cancellation)
    {
        var acting = await RequireAsync(actor, cancellation);
        var accountId = !acting.IsAdministrator ? acting.Id : query is { AccountId: null, KeyId: { } key } ? await OwnerAsync(key, cancellation) : query.AccountId;
        return new LogScope(
            acting.IsAdministrator,
            new LogFilter(
                accountId, query.KeyId, query.GroupId, query.Model, query.Code,
                query.Outcome is { } outcome ? outcome is LogOutcome.Failed : null, query.Status),
            RequestNumber.FirstAt(query.From ?? _clock.GetUtcNow() - LogQuery.DefaultRange),
            query.To is { } end ? RequestNumber.FirstAt(end) : long.MaxValue);
    }

    /// <summary>Repeats the permission check for long operations.</summary>
    private async Task StillMayAsync(Actor actor, LogScope scope, CancellationToken cancellation)
    {
        if ((await RequireAsync(actor, cancellation)).IsAdministrator != scope.IsAdministrator)
        {
            throw new AccessDeniedException("Your role has changed. Reload the page.");
        }
    }

    /// <summary>The owner of the key; null if there is none.</summary>
    private async Task<long?> OwnerAsync(long keyId, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Set<ApiKey>().Where(k => k.Id == keyId).Select(k => (long?)k.OwnerId).SingleOrDefaultAsync(cancellation);
    }

    private async Task<ActingAccount> RequireAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.RequireAsync(actor, _clock.GetUtcNow(), cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "Could not show new request log entries on an open page.")]
    private partial void NotTold(Exception error);
}
