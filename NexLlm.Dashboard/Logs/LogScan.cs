using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Logs;

/// <summary>
/// Scans the log backwards from now, or forwards from a page, with a limited number of lines per step, so that it can stop after
/// a time limit and knows how far it came. Steps grow, because an early match needs only a short one.
/// </summary>
internal sealed class LogScan(ILogReader reader, LogFilter filter, long from, long before, LogOrder order = LogOrder.NewestFirst)
{
    private const int FirstStep = 200;
    private const int LongestStep = 6_400;
    private const int Growth = 4;

    private int _lines = FirstStep;

    /// <summary>The first line a forward scan has yet to read.</summary>
    public long From { get; private set; } = from;

    /// <summary>A backward scan has read every line from this one on.</summary>
    public long Before { get; private set; } = before;

    /// <summary>Whether the whole range was read.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The time up to which the range was read.</summary>
    public DateTimeOffset Reached => RequestNumber.At(order is LogOrder.NewestFirst ? Before : From);

    /// <summary>Runs the next step and returns at most the given number of matches.</summary>
    public List<LogRow> Step(int most)
    {
        var end = reader.StepEnd(filter, From, Before, _lines, order);
        var (low, high) = order is LogOrder.NewestFirst ? (end ?? From, Before) : (From, end + 1 ?? Before);
        var found = reader.Read(filter, low, high, most, order);
        if (found.Count == most)
        {
            MoveTo(found[^1].Id);
            return found;
        }

        IsOver = end is null;
        _lines = Math.Min(_lines * Growth, LongestStep);
        if (end is { } last)
        {
            MoveTo(last);
        }
        else
        {
            (From, Before) = order is LogOrder.NewestFirst ? (From, From) : (Before, Before);
        }

        return found;
    }

    /// <param name="line">The last line read.</param>
    private void MoveTo(long line) => (From, Before) = order is LogOrder.NewestFirst ? (From, line) : (line + 1, Before);
}
