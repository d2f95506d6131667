using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Logs;

/// <summary>
/// A search's way through time, back from now or forth from a page, a step of a limited number of lines at a time: so it can stop
/// when it has taken long enough, and knows how far it came. Steps grow, for what is found at once needs only a short one.
/// </summary>
internal sealed class LogScan(LogReader reader, LogFilter filter, long from, long before, LogOrder order = LogOrder.NewestFirst)
{
    private const int FirstStep = 200;
    private const int LongestStep = 6_400;
    private const int Growth = 4;

    private int _lines = FirstStep;

    /// <summary>The first line that is yet to be looked at, where the way leads forth.</summary>
    public long From { get; private set; } = from;

    /// <summary>Every line from here on was looked at, where the way leads back.</summary>
    public long Before { get; private set; } = before;

    /// <summary>All of the range was looked at.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How far it came.</summary>
    public DateTimeOffset Reached => RequestNumber.At(order is LogOrder.NewestFirst ? Before : From);

    /// <summary>What the next step finds, at most so many lines.</summary>
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

    /// <param name="line">The last that was looked at.</param>
    private void MoveTo(long line) => (From, Before) = order is LogOrder.NewestFirst ? (From, line) : (line + 1, Before);
}
