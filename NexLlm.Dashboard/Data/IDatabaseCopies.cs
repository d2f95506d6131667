using System.Data.Common;

namespace NexLlm.Dashboard.Data;

/// <summary>Copies a database that is a file, and replaces it with a copy.</summary>
internal interface IDatabaseCopies
{
    /// <summary>The path of the database file.</summary>
    string Original { get; }

    /// <summary>Whether a database exists.</summary>
    bool HasOriginal { get; }

    /// <summary>The path of an incomplete copy.</summary>
    string DraftOf(string path);

    /// <summary>Copies everything committed so far. Readers and writers of the database aren't blocked.</summary>
    /// <param name="path">A path where no file exists. The file appears there only once it is complete and flushed to disk.</param>
    /// <param name="cancellation">Cancels the copy and removes the partial file.</param>
    /// <exception cref="IOException">The file can't be written, or another copy to this path is in progress.</exception>
    /// <exception cref="DiskFullException">The disk is full.</exception>
    /// <exception cref="DamagedDataException">The database is damaged.</exception>
    /// <exception cref="DbException">Anything else the engine reports.</exception>
    /// <exception cref="OperationCanceledException">The copy was canceled.</exception>
    void CopyTo(string path, CancellationToken cancellation);

    /// <summary>Checks whether a copy is usable. Returns an error message, or null if it is.</summary>
    string? Check(string path, CancellationToken cancellation);

    /// <summary>
    /// Replaces the database with a copy. Call with the instance lock held, before the database is opened. If the process is killed at any
    /// point, either the old or the new database is in place and complete.
    /// </summary>
    /// <exception cref="StartRefusedException">Another program has the database open.</exception>
    Replaced ReplaceBy(string copy, CancellationToken cancellation);

    /// <summary>Undoes a replacement.</summary>
    void PutBack(Replaced replaced);
}

/// <summary>The files moved aside for a replacement.</summary>
/// <param name="Log">The request log, which the copy doesn't include.</param>
internal sealed record Replaced(Moved Database, Moved Log);

/// <param name="From">The original path; for the database, the copy is there now.</param>
/// <param name="To">The current path; no file exists there if there was none to move.</param>
internal sealed record Moved(string From, string To)
{
    public Moved Back => new(To, From);
}
