namespace NexLlm.Dashboard.Data;

/// <summary>The request log's writes. The log is stored apart from the ledger, so its indexes, size and readers never slow down the ledger.</summary>
internal interface ILogStore : IBatchStore
{
    /// <summary>All charges with a smaller ID have a line in the log.</summary>
    long ChargesBelow { get; set; }

    /// <summary>
    /// Names the batch that was just begun. If a batch of this name is stored already, because the outcome of an earlier attempt was unknown,
    /// its commit stores nothing.
    /// </summary>
    void Name(in LogBatchName name);

    /// <summary>
    /// Inserts the line, or adds its requests to an existing one. If another request has the same ID, because the clock was set back
    /// between two starts, the line gets the next free ID.
    /// </summary>
    void Add(in LogRow row);

    void AddRefusals(in RefusalKey key, long requests);

    /// <summary>The largest ID below the given one; null if there is none.</summary>
    long? LastId(long below);

    /// <summary>Whether the request has a line, at this ID or within the range that <see cref="Add"/> uses.</summary>
    bool Contains(long id, string requestId);

    /// <summary>Deletes the oldest lines from before <paramref name="before"/>, at most <paramref name="most"/> + 1 of them.</summary>
    /// <returns>Whether there are more lines to delete.</returns>
    bool DeleteOldest(long before, int most);

    /// <param name="quarter">The first quarter-hour to keep.</param>
    void DeleteRefusals(long quarter);

    /// <summary>Returns the space of some deleted lines to the system, if the engine keeps it.</summary>
    void Shrink();
}

/// <summary>Reads the request log in short steps. Not thread-safe.</summary>
internal interface ILogReader : IDisposable
{
    /// <summary>Finds the line of a request, regardless of any filter.</summary>
    /// <param name="id">The expected ID.</param>
    LogRow? Find(long id, string requestId);

    /// <summary>Reads the first matching lines of the range, from its newest or its oldest end.</summary>
    /// <param name="from">The smallest ID, inclusive.</param>
    /// <param name="before">The largest ID, exclusive.</param>
    List<LogRow> Read(LogFilter filter, long from, long before, int most, LogOrder order);

    /// <summary>The last ID of a step that scans <paramref name="lines"/> + 1 lines of the same index; null if fewer remain.</summary>
    long? StepEnd(LogFilter filter, long from, long before, int lines, LogOrder order);

    /// <summary>Counts the rejected requests in a range of quarter-hours by error code, most frequent first.</summary>
    List<(string Code, long Requests)> Refusals(long fromQuarter, long beforeQuarter, long? accountId, long? keyId);

    /// <summary>Counts the rejected requests of each quarter-hour, omitting those without any.</summary>
    List<(long Quarter, long Requests)> RefusalsByQuarter(long fromQuarter, long beforeQuarter, long? accountId);

    /// <summary>The times to first byte, in milliseconds, of the answered requests among the newest lines of the range.</summary>
    /// <param name="lines">The number of lines to scan.</param>
    List<long> FirstBytes(LogFilter filter, long from, long before, int lines);
}
