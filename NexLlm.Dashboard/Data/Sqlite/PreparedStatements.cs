using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>The prepared statements of a connection, disposed together.</summary>
internal sealed class PreparedStatements(SqliteConnection connection) : IDisposable
{
    private readonly List<SqliteStatement> _statements = [];

    public SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(connection, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Dispose() => _statements.ForEach(statement => statement.Dispose());
}
