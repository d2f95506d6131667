using System.Runtime.InteropServices;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// The lines that are written next, and what they add to the refusals' roll-up. Of the requests refused to one key for one
/// reason, the first ten of a minute have lines of their own; the others share one that counts them, so that a program that
/// does not give up cannot fill the log.
/// </summary>
/// <param name="usual">How many lines it holds without growing.</param>
internal sealed class LogBatch(int usual)
{
    private const int OwnLines = 10;
    private const int ManyFloods = 1_000;

    private readonly List<LogRow> _rows = new(usual);
    private readonly Dictionary<RefusalKey, long> _refusals = [];
    private readonly Dictionary<(long KeyId, string Code), Minute> _minutes = [];
    private readonly Dictionary<long, SharedLine> _shared = [];

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>The lines for <see cref="LogTail"/>: a shared one with all requests that it counts by now.</summary>
    public IReadOnlyList<LogRow> ToTell()
    {
        var rows = _rows.ToArray();
        foreach (var (_, shared) in _shared)
        {
            rows[shared.Place] = rows[shared.Place] with { Requests = shared.Total };
        }

        return rows;
    }

    public void Add(in LoggedRequest line)
    {
        if (line is not { Code: { } code, ChargeId: null })
        {
            _rows.Add(line.ToRow());
            return;
        }

        var (account, key) = (line.AccountId ?? 0, line.KeyId ?? 0);
        CollectionsMarshal.GetValueRefOrAddDefault(_refusals, new RefusalKey(QuarterOf(line.Number), account, key, code), out _)++;
        ref var minute = ref CollectionsMarshal.GetValueRefOrAddDefault(_minutes, (key, code), out _);
        minute.Note(line);
        if (minute.Requests <= OwnLines)
        {
            _rows.Add(line.ToRow());
            return;
        }

        ref var shared = ref CollectionsMarshal.GetValueRefOrAddDefault(_shared, minute.Shared, out var isHere);
        shared.Total = minute.Requests - OwnLines;
        if (isHere)
        {
            ref var row = ref CollectionsMarshal.AsSpan(_rows)[shared.Place];
            row = row with { Requests = row.Requests + 1 };
            return;
        }

        shared.Place = _rows.Count;
        _rows.Add(line.ToRow() with { Id = minute.Shared, RequestId = minute.SharedRequestId });
    }

    /// <summary>In the caller's transaction.</summary>
    public void WriteTo(LogFile file)
    {
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
        {
            file.Add(row);
        }

        foreach (var (key, requests) in _refusals)
        {
            file.AddRefusals(key, requests);
        }
    }

    /// <summary>Forgets what was written; remembers who floods.</summary>
    public void Clear()
    {
        _rows.Clear();
        _refusals.Clear();
        _shared.Clear();
        if (_minutes.Count > ManyFloods)
        {
            var latest = _minutes.Values.Max(m => m.Number);
            foreach (var (key, _) in _minutes.Where(m => m.Value.Number < latest).ToList())
            {
                _minutes.Remove(key);
            }
        }
    }

    /// <summary>The beginning of the quarter of an hour, in Unix milliseconds.</summary>
    internal static long QuarterOf(long number)
    {
        var instant = RequestNumber.InstantOf(number);
        return instant - (instant % (long)TimeSpan.FromMinutes(15).TotalMilliseconds);
    }

    private struct SharedLine
    {
        /// <summary>Among the rows of this batch.</summary>
        public int Place;

        /// <summary>Its requests in this batch and before.</summary>
        public long Total;
    }

    private struct Minute
    {
        public long Number;
        public int Requests;

        /// <summary>The id of the line that those beyond the first ten share.</summary>
        public long Shared;

        /// <summary>Of the first that shares it.</summary>
        public string SharedRequestId;

        public void Note(in LoggedRequest line)
        {
            var minute = RequestNumber.InstantOf(line.Number) / (long)TimeSpan.FromMinutes(1).TotalMilliseconds;
            if (minute > Number)
            {
                (Number, Requests) = (minute, 0);
            }

            Requests++;
            if (Requests == OwnLines + 1)
            {
                (Shared, SharedRequestId) = (line.Number, line.RequestId);
            }
        }
    }
}
