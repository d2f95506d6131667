using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs;

/// <summary>Looks for lines as long as a person waits for them, and not longer. It blocks: a file is read.</summary>
internal sealed class LogSearch(LogReader reader, TimeProvider clock, CancellationToken cancellation)
{
    /// <summary>What takes longer shows what it has, and how far it came.</summary>
    private static readonly TimeSpan _longestSearch = TimeSpan.FromMilliseconds(150);

    /// <summary>The page that is asked for. One of newer lines that is not full any more is the first page.</summary>
    public LogPart Page(LogScope scope, LogQuery query)
    {
        if (query.After is { } after and < long.MaxValue)
        {
            var forth = new LogWalk(reader, scope.Filter, Math.Max(scope.From, after + 1), scope.Before, LogOrder.OldestFirst);
            var newer = Find(forth, LogQuery.PageSize + 1);
            if (newer.Count > LogQuery.PageSize || !forth.IsOver)
            {
                var isCut = newer.Count > LogQuery.PageSize;
                var rows = newer.Take(LogQuery.PageSize).Reverse().ToList();
                var older = rows is [] ? after + 1 : rows[^1].Id;
                return new LogPart(rows, after < scope.From ? null : older, isCut ? rows[0].Id : forth.From - 1, isCut ? null : forth.Reached);
            }
        }

        var walk = new LogWalk(reader, scope.Filter, scope.From, Math.Min(scope.Before, query.Before ?? long.MaxValue));
        var found = Find(walk, LogQuery.PageSize + 1);
        var isFull = found.Count > LogQuery.PageSize;
        var lines = isFull ? found[..^1] : found;
        return new LogPart(
            lines,
            isFull ? lines[^1].Id : walk.IsOver ? null : walk.Before,
            query.Before is { } before ? (lines is [] ? before - 1 : lines[0].Id) : null,
            isFull || walk.IsOver ? null : walk.Reached);
    }

    /// <summary>Walks until it has so many, or its time is over.</summary>
    public List<LogRow> Find(LogWalk walk, int most)
    {
        var since = clock.GetTimestamp();
        var found = new List<LogRow>();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            found.AddRange(walk.Step(most - found.Count));
        }
        while (!walk.IsOver && found.Count < most && clock.GetElapsedTime(since) < _longestSearch);

        return found;
    }
}

/// <summary>Rows of a page, newest first, and where the pages before and behind it are.</summary>
internal sealed record LogPart(List<LogRow> Rows, long? Next, long? Previous, DateTimeOffset? SearchedTo);
