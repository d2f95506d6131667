using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>
/// A connection that writes with prepared statements, because EF Core's overhead per row exceeds SQLite's own work. Not thread-safe.
/// </summary>
internal abstract class WriterConnection : IDisposable
{
    private readonly WriteGate? _gate;
    private SqliteStatement? _begin;
    private SqliteStatement? _commit;
    private WriteGate.Lease? _turn;

    /// <param name="connectionString">The file.</param>
    /// <param name="gate">Excludes the other writers of the file from begin to commit; null if this is the only one.</param>
    protected WriterConnection(string connectionString, WriteGate? gate)
    {
        _gate = gate;
        Connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        Statements = new PreparedStatements(Connection);
    }

    protected SqliteConnection Connection { get; }

    protected PreparedStatements Statements { get; }

    public void Begin()
    {
        _turn = _gate?.Enter();
        _begin!.Execute();
    }

    public void Commit()
    {
        _commit!.Execute();
        EndTurn();
    }

    /// <summary>Rolls back an uncommitted transaction.</summary>
    public void Dispose()
    {
        Statements.Dispose();
        Connection.Dispose();
        EndTurn();
        GC.SuppressFinalize(this);
    }

    /// <exception cref="SqliteException">The file couldn't be opened.</exception>
    protected void Open(string pragmas)
    {
        Connection.Open();
        using var command = Connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
    }

    protected SqliteStatement Prepare(string sql) => Statements.Prepare(sql);

    private void EndTurn()
    {
        _turn?.Dispose();
        _turn = null;
    }
}
