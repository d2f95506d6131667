using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Logs;

/// <summary>
/// What happened to requests: people see those of their own keys, administrators all. A request stands here a second after it
/// ended at the latest.
/// </summary>
public sealed partial class RequestLog
{
    private const int RememberedUses = 1_000;

    /// <summary>A search that takes longer shows what it has, and how far it came.</summary>
    private static readonly TimeSpan _longestSearch = TimeSpan.FromMilliseconds(150);

    private readonly IDbContextFactory<NexLlmDbContext> _contexts;
    private readonly IOptions<DatabaseOptions> _database;
    private readonly LogWriter _writer;
    private readonly LogTail _tail;
    private readonly TimeProvider _clock;
    private readonly ILogger<RequestLog> _log;

    internal RequestLog(
        IDbContextFactory<NexLlmDbContext> contexts, IOptions<DatabaseOptions> database, LogWriter writer, LogTail tail, TimeProvider clock,
        ILogger<RequestLog> log)
    {
        _contexts = contexts;
        _database = database;
        _writer = writer;
        _tail = tail;
        _clock = clock;
        _log = log;
    }

    /// <summary>Lines that were given up since the start, because writing failed or could not keep up.</summary>
    public long Dropped => _writer.Dropped;

    /// <summary>A page of what the actor may see.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<LogPage> SearchAsync(Actor actor, LogQuery query, CancellationToken cancellation = default)
    {
        var scope = await ScopeAsync(actor, query, cancellation);
        var names = new LogNames(_contexts, scope.IsAdministrator);
        using var reader = new LogReader(_database.Value.LogPath);
        if (query.RequestId is { } id)
        {
            return new LogPage(await names.NameAsync(Named(reader, id, scope), cancellation), null, null, scope.IsAdministrator);
        }

        var walk = new LogWalk(reader, scope.Filter, scope.From, scope.Before);
        var found = await QuietThread.RunAsync(() => Find(walk, LogQuery.PageSize + 1, cancellation));
        var isFull = found.Count > LogQuery.PageSize;
        var lines = isFull ? found[..^1] : found;
        return new LogPage(
            await names.NameAsync(lines, cancellation),
            isFull ? lines[^1].Id : walk.IsOver ? null : walk.Before,
            isFull || walk.IsOver ? null : RequestNumber.At(walk.Before),
            scope.IsAdministrator);
    }

    /// <summary>
    /// Everything that a search would show page by page, newest first, some lines at a time: also when none were found for a
    /// while. It takes no more than half of a processor, and rests as long as it works.
    /// </summary>
    /// <param name="make">What becomes of some lines; called where it takes no time from requests.</param>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async IAsyncEnumerable<T> ExportAsync<T>(
        Actor actor, LogQuery query, Func<IReadOnlyList<LogEntry>, T> make,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Not so many that what holds them is collected with the old and the large.
        const int atOnce = 256;
        var scope = await ScopeAsync(actor, query with { Before = null }, cancellation);
        var names = new LogNames(_contexts, scope.IsAdministrator);
        using var reader = new LogReader(_database.Value.LogPath);
        if (query.RequestId is { } id)
        {
            yield return make(await names.NameAsync(Named(reader, id, scope), cancellation));
            yield break;
        }

        var walk = new LogWalk(reader, scope.Filter, scope.From, scope.Before);
        while (!walk.IsOver)
        {
            cancellation.ThrowIfCancellationRequested();
            var since = Stopwatch.GetTimestamp();
            var lines = await names.NameAsync(await QuietThread.RunAsync(() => walk.Step(atOnce)), cancellation);
            var made = await QuietThread.RunAsync(() => make(lines));
            var rest = Stopwatch.GetElapsedTime(since);
            yield return made;
            await Task.Delay(rest, cancellation);
        }
    }

    /// <summary>Tells of lines as they are written, some times a second at most, newest first, until the result is disposed.</summary>
    /// <param name="hear">Called on any thread.</param>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<IDisposable> FollowAsync(
        Actor actor, LogQuery query, Action<IReadOnlyList<LogEntry>> hear, CancellationToken cancellation = default)
    {
        var scope = await ScopeAsync(actor, query, cancellation);
        return _tail.Subscribe(rows =>
        {
            var matching = rows.Where(row => scope.Filter.Matches(row)).OrderByDescending(row => row.Id).Take(LogQuery.PageSize).ToList();
            if (matching is not [])
            {
                _ = Task.Run(() => TellAsync(new LogNames(_contexts, scope.IsAdministrator), matching, hear), CancellationToken.None);
            }
        });
    }

    /// <summary>How many requests were refused, by reason, the most frequent first. Counted by quarters of an hour, of which the first counts as a whole.</summary>
    /// <param name="keyId">Only of this key.</param>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<IReadOnlyList<RefusalCount>> RefusalsAsync(
        Actor actor, DateTimeOffset from, DateTimeOffset to, long? keyId = null, CancellationToken cancellation = default)
    {
        var acting = await RequireAsync(actor, cancellation);
        using var reader = new LogReader(_database.Value.LogPath);
        var counts = reader.Refusals(
            LogBatch.QuarterOf(RequestNumber.FirstAt(from)), to.ToUnixTimeMilliseconds(), acting.IsAdministrator ? null : acting.Id, keyId);
        return [.. counts.Select(c => new RefusalCount(c.Code, c.Requests))];
    }

    /// <summary>The addresses that a key was last used from, the last first; of its last thousand lines, or as many as are found in a short time.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<IReadOnlyList<SeenAddress>> LastSeenAsync(Actor actor, long keyId, CancellationToken cancellation = default)
    {
        var acting = await RequireAsync(actor, cancellation);
        using var reader = new LogReader(_database.Value.LogPath);
        var filter = new LogFilter(AccountId: acting.IsAdministrator ? await OwnerAsync(keyId, cancellation) : acting.Id, KeyId: keyId);
        var walk = new LogWalk(reader, filter, from: 0, before: long.MaxValue);
        return [.. (await QuietThread.RunAsync(() => Find(walk, RememberedUses, cancellation)))
            .Where(row => row.Address is not null)
            .DistinctBy(row => row.Address)
            .Select(row => new SeenAddress(row.Address!, RequestNumber.At(row.Id)))];
    }

    private static IReadOnlyCollection<LogRow> Named(LogReader reader, string id, Scope scope) =>
        RequestNumber.TryParse(id.Trim(), out var number) && reader.Find(number) is { } row
            && row.RequestId == id.Trim() && (scope.IsAdministrator || row.AccountId == scope.Filter.AccountId)
            ? [row]
            : [];

    /// <summary>Walks until it has so many, or its time is over.</summary>
    private List<LogRow> Find(LogWalk walk, int most, CancellationToken cancellation)
    {
        var since = _clock.GetTimestamp();
        var found = new List<LogRow>();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            found.AddRange(walk.Step(most - found.Count));
        }
        while (!walk.IsOver && found.Count < most && _clock.GetElapsedTime(since) < _longestSearch);

        return found;
    }

    private async Task TellAsync(LogNames names, List<LogRow> rows, Action<IReadOnlyList<LogEntry>> hear)
    {
        try
        {
            hear(await names.NameAsync(rows, CancellationToken.None));
        }
        catch (Exception error)
        {
            // Whoever watches sees the lines at the next look; the writer must not hear of it.
            NotTold(error);
        }
    }

    private async Task<Scope> ScopeAsync(Actor actor, LogQuery query, CancellationToken cancellation)
    {
        var acting = await RequireAsync(actor, cancellation);
        var accountId = !acting.IsAdministrator ? acting.Id : query is { AccountId: null, KeyId: { } key } ? await OwnerAsync(key, cancellation) : query.AccountId;
        var to = query.To is { } end ? RequestNumber.FirstAt(end) : long.MaxValue;
        return new Scope(
            acting.IsAdministrator,
            new LogFilter(
                accountId, query.KeyId, query.GroupId, query.Model, query.Code,
                query.Outcome is { } outcome ? outcome is LogOutcome.Failed : null),
            RequestNumber.FirstAt(query.From ?? _clock.GetUtcNow() - LogQuery.DefaultRange),
            Math.Min(to, query.Before ?? long.MaxValue));
    }

    /// <summary>Whose key it is; null if it is nobody's.</summary>
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

    [LoggerMessage(LogLevel.Warning, "New lines of the request log could not be shown to somebody who watches.")]
    private partial void NotTold(Exception error);

    /// <summary>What is looked for, within what the actor may see.</summary>
    private sealed record Scope(bool IsAdministrator, LogFilter Filter, long From, long Before);
}
