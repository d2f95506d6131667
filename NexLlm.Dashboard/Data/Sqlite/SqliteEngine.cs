using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>A database file, with the request log in a file of its own beside it.</summary>
internal sealed class SqliteEngine(IOptions<SqliteOptions> options, WriteGate gate, FileCopies copies) : IDatabaseEngine
{
    public const string EngineName = "sqlite";

    private readonly Lazy<FreeSpace> _space = new(() => new FreeSpace(options.Value.Folder));

    public string Name => EngineName;

    public string Location => options.Value.Path;

    public string Folder => options.Value.Folder;

    public string LogLocation => options.Value.LogPath;

    public bool IsSpaceLow() => _space.Value.IsLow();

    public ILedgerStore OpenLedger() => new LedgerFile(options.Value, gate);

    public ILogStore OpenLog()
    {
        try
        {
            return new LogFile(options.Value.LogPath);
        }
        catch (SqliteException e) when (SqliteErrors.IsDamage(e))
        {
            throw new DamagedDataException(e);
        }
    }

    public ILogReader OpenLogReader() => new LogFileReader(options.Value.LogPath);

    public void DiscardLog()
    {
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            File.Delete(options.Value.LogPath + part);
        }
    }

    public string Retire() => $"Previous database: {copies.MoveAside().Database.To} (delete it when you no longer need it)";

    public IDatabaseCopies RequireCopies() => copies;
}
