using System.Data.Common;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// The database that the connection string chooses: an SQLite file or a PostgreSQL server. What an engine does inside a transaction is
/// abstract in <see cref="NexLlmDbContext"/>, and what it does at startup in <see cref="DatabaseStartup"/>.
/// </summary>
internal interface IDatabaseEngine
{
    /// <summary>The engine's name in commands.</summary>
    string Name { get; }

    /// <summary>The database as shown to operators, without its password.</summary>
    string Location { get; }

    /// <summary>The folder beside the database for files of this machine; null if the database is on a server.</summary>
    string? Folder { get; }

    /// <summary>The request log as shown to operators.</summary>
    string LogLocation { get; }

    /// <summary>Whether storage known to this machine could fill up within moments.</summary>
    bool IsSpaceLow();

    /// <exception cref="DbException">The database couldn't be opened.</exception>
    ILedgerStore OpenLedger();

    /// <summary>Opens the request log for writing and creates it if it doesn't exist.</summary>
    /// <exception cref="DbException">The log couldn't be opened.</exception>
    /// <exception cref="DamagedDataException">The log is damaged.</exception>
    /// <exception cref="StartRefusedException">The log was created by a later version of the application.</exception>
    ILogStore OpenLog();

    /// <exception cref="DbException">The log doesn't exist.</exception>
    ILogReader OpenLogReader();

    /// <summary>Deletes all lines of the request log. Nobody may have it open.</summary>
    void DiscardLog();

    /// <summary>Puts the database out of use after it was copied elsewhere, where that is possible. Nobody may have it open.</summary>
    /// <returns>A sentence that says where it is now.</returns>
    string Retire();

    /// <summary>Copies of the database as files.</summary>
    /// <exception cref="StartRefusedException">This engine has its own tools for that, which the message names.</exception>
    IDatabaseCopies RequireCopies();
}

/// <summary>What is stored can't be read.</summary>
internal sealed class DamagedDataException(Exception cause) : Exception(cause.Message, cause);

/// <summary>The disk is full.</summary>
internal sealed class DiskFullException(Exception cause) : Exception(cause.Message, cause);
