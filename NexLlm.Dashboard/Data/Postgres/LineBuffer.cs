using System.Runtime.InteropServices;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>
/// Log lines that have yet to be written. A statement writes each ID once and says which IDs belong to other requests. Those rows try the
/// next ID with the next statement, and so on.
/// </summary>
internal sealed class LineBuffer
{
    private readonly LineColumns _columns = new();
    private readonly Dictionary<long, int> _places = [];
    private readonly List<LogRow> _sent = [];
    private List<LogRow> _rows = [];
    private List<LogRow> _later = [];

    public bool IsEmpty => _rows.Count == 0;

    public void Add(in LogRow row) => _rows.Add(row);

    public bool Contains(string requestId) => _rows.Exists(row => row.RequestId == requestId);

    public void Clear() => _rows.Clear();

    /// <summary>The statement that writes all rows but those whose ID another request in the buffer has.</summary>
    public NpgsqlBatchCommand Write()
    {
        _places.Clear();
        _sent.Clear();
        _later.Clear();
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, row.Id, out var isTaken);
            if (!isTaken)
            {
                place = _sent.Count;
                _sent.Add(row);
            }
            else if (_sent[place] is var first && first.RequestId == row.RequestId)
            {
                _sent[place] = first with { Requests = first.Requests + row.Requests };
            }
            else
            {
                _later.Add(row);
            }
        }

        return _columns.Write(_sent);
    }

    /// <summary>Keeps what the last statement didn't write.</summary>
    /// <param name="taken">The IDs that belong to other requests.</param>
    public void Keep(IEnumerable<long> taken)
    {
        foreach (var id in taken)
        {
            _later.Add(_sent[_places[id]] with { Id = id + 1 });
        }

        (_rows, _later) = (_later, _rows);
    }
}
