using System.Runtime.InteropServices;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// The lines to write next, and their additions to the roll-up of rejections. Of the requests rejected per key and reason, the
/// first ten per minute have their own lines; the rest share one line that counts them, so that a program that keeps retrying
/// can't fill the log.
/// </summary>
/// <param name="usual">The number of lines it holds without growing.</param>
internal sealed class LogBatch(int usual)
{
    private const int OwnLines = 10;
    private const int ManyFloods = 1_000;

    private readonly List<LogRow> _rows = new(usual);
    private readonly Dictionary<RefusalKey, long> _refusals = [];
    private readonly Dictionary<(long KeyId, string Code), Minute> _minutes = [];
    private readonly Dictionary<long, SharedLine> _shared = [];
    private LogBatchName _name = new(Guid.NewGuid(), Number: 1);

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>The lines for <see cref="LogTail"/>, with the current count of each shared line.</summary>
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

    /// <summary>Writes in the caller's transaction.</summary>
    public void WriteTo(ILogStore store)
    {
        store.Name(_name);
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
        {
            store.Add(row);
        }

        foreach (var (key, requests) in _refusals)
        {
            store.AddRefusals(key, requests);
        }
    }

    /// <summary>Clears what was written but keeps the flood counts.</summary>
    public void Clear()
    {
        _name = _name with { Number = _name.Number + 1 };
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

    /// <summary>The start of the quarter-hour, in Unix milliseconds.</summary>
    internal static long QuarterOf(long number)
    {
        var instant = RequestNumber.InstantOf(number);
        return instant - (instant % (long)TimeSpan.FromMinutes(15).TotalMilliseconds);
    }

    private struct SharedLine
    {
        /// <summary>The index in the rows of this batch.</summary>
        public int Place;

        /// <summary>The requests in this batch and earlier ones.</summary>
        public long Total;
    }

    private struct Minute
    {
        public long Number;
        public int Requests;

        /// <summary>The id of the line shared by those beyond the first ten.</summary>
        public long Shared;

        /// <summary>The request ID of the first that shares it.</summary>
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
