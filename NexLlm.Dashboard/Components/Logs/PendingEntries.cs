using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>
/// Lines that have arrived but are not shown yet, because the page is loading or paused. Only the newest are kept, since a page
/// may stay paused for a day.
/// </summary>
/// <param name="most">The maximum number of lines kept.</param>
internal sealed class PendingEntries(int most)
{
    private readonly Dictionary<long, LogEntry> _lines = [];

    // Older lines may be missing, here and on the page.
    private long _completeFrom;

    /// <summary>The number of new lines, including those not kept.</summary>
    public long Count { get; private set; }

    public bool IsEmpty => _lines.Count == 0;

    /// <param name="isShown">Whether the page already shows the line. Such a line is reported again because more requests share it.</param>
    /// <returns>The number of new lines.</returns>
    public int Add(LogUpdate news, Func<long, bool> isShown)
    {
        var isNew = 0;
        foreach (var line in news.Lines)
        {
            isNew += _lines.ContainsKey(line.Id) || isShown(line.Id) ? 0 : 1;
            _lines[line.Id] = _lines.TryGetValue(line.Id, out var known) ? Newer(known, line) : line;
        }

        _completeFrom = news.IsGap ? Math.Max(_completeFrom, news.Lines[^1].Id) : _completeFrom;
        while (_lines.Count > most)
        {
            _lines.Remove(_lines.Keys.Min());
            _completeFrom = Math.Max(_completeFrom, _lines.Keys.Min());
        }

        Count += isNew;
        return isNew;
    }

    /// <summary>The kept lines on top of the displayed ones, newest first, without those older than a gap.</summary>
    /// <param name="oldest">Older lines belong to the next page.</param>
    /// <returns>The lines, and whether some were left out, so that the next page starts after the last one.</returns>
    public (List<LogEntry> Lines, bool IsCut) OnTopOf(IReadOnlyList<LogEntry> shown, long oldest)
    {
        var all = shown.ToDictionary(line => line.Id);
        foreach (var line in _lines.Values)
        {
            all[line.Id] = all.TryGetValue(line.Id, out var known) ? Newer(known, line) : line;
        }

        var first = Math.Max(oldest, _completeFrom);
        var inOrder = all.Values.Where(line => line.Id >= first).OrderByDescending(line => line.Id).ToList();
        return ([.. inOrder.Take(most)], inOrder.Count > most || inOrder.Count < all.Count);
    }

    public void Clear()
    {
        _lines.Clear();
        (Count, _completeFrom) = (0, 0);
    }

    private static LogEntry Newer(LogEntry known, LogEntry told) => known with { Requests = Math.Max(known.Requests, told.Requests) };
}
