using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs;

/// <summary>
/// A search's way back in time, a step of a limited number of lines at a time: so it can stop when it has taken long enough,
/// and knows how far it came. Steps grow, for what is found at once needs only a short one.
/// </summary>
internal sealed class LogWalk(LogReader reader, LogFilter filter, long from, long before)
{
    private const int FirstStep = 200;
    private const int LongestStep = 6_400;
    private const int Growth = 4;

    private int _lines = FirstStep;

    /// <summary>Every line from here on was looked at.</summary>
    public long Before { get; private set; } = before;

    /// <summary>All of the range was looked at.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the next step finds, at most so many lines.</summary>
    public List<LogRow> Step(int most)
    {
        var end = reader.StepEnd(filter, from, Before, _lines);
        var found = reader.Read(filter, end ?? from, Before, most);
        if (found.Count == most)
        {
            Before = found[^1].Id;
        }
        else
        {
            Before = end ?? from;
            IsOver = end is null;
            _lines = Math.Min(_lines * Growth, LongestStep);
        }

        return found;
    }
}
