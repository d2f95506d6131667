using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs;

/// <summary>Searches lines within the time a user is willing to wait. It blocks on file reads.</summary>
internal sealed class LogSearch(ILogReader reader, TimeProvider clock, CancellationToken cancellation)
{
    /// <summary>A longer search returns what it has found and how far it came.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(150);

    private readonly long _since = clock.GetTimestamp();

    /// <summary>The requested page. A page of newer lines that is no longer full becomes the first page.</summary>
    public LogSearchResult Page(LogScope scope, LogQuery query)
    {
        var before = Math.Min(scope.Before, query.Before ?? long.MaxValue);
        List<LogRow> newer = [];
        if (query.After is { } after and < long.MaxValue)
        {
            var forth = new LogScan(reader, scope.Filter, Math.Max(scope.From, after + 1), before, LogOrder.OldestFirst);
            newer = Find(forth, LogQuery.PageSize + 1);
            if (newer.Count > LogQuery.PageSize || !forth.IsOver)
            {
                return OfNewer(newer, forth, after, scope);
            }

            newer.Reverse();
            before = Math.Min(before, after + 1);
        }

        var back = new LogScan(reader, scope.Filter, scope.From, before);
        List<LogRow> found = [.. newer, .. Find(back, LogQuery.PageSize + 1 - newer.Count)];
        var isFull = found.Count > LogQuery.PageSize;
        var rows = isFull ? found[..^1] : found;
        return new LogSearchResult(
            rows,
            isFull ? rows[^1].Id : back.IsOver ? null : back.Before,
            query.Before is { } asked ? (rows is [] ? asked - 1 : rows[0].Id) : null,
            isFull || back.IsOver ? null : back.Reached);
    }

    /// <summary>Scans until it has the given number of matches or hits the time limit.</summary>
    public List<LogRow> Find(LogScan scan, int most)
    {
        var found = new List<LogRow>();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            found.AddRange(scan.Step(most - found.Count));
        }
        while (!scan.IsOver && found.Count < most && clock.GetElapsedTime(_since) < _longest);

        return found;
    }

    private static LogSearchResult OfNewer(List<LogRow> found, LogScan forth, long after, LogScope scope)
    {
        var isFull = found.Count > LogQuery.PageSize;
        var rows = found.Take(LogQuery.PageSize).Reverse().ToList();
        var older = rows is [] ? after + 1 : rows[^1].Id;
        return new LogSearchResult(rows, after < scope.From ? null : older, isFull ? rows[0].Id : forth.From - 1, isFull ? null : forth.Reached);
    }
}

/// <summary>The rows of a page, newest first, and the positions of the adjacent pages.</summary>
internal sealed record LogSearchResult(List<LogRow> Rows, long? Next, long? Previous, DateTimeOffset? SearchedTo);
