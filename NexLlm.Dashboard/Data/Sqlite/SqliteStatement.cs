using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>A prepared statement that can be executed repeatedly without allocating.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int ShortText = 1024;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_connection, sql, out _statement), _connection);
    }

    /// <summary>Binds the next parameter, in the order of the SQL text.</summary>
    public SqliteStatement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public SqliteStatement Bind(long? value)
    {
        if (value is { } number)
        {
            return Bind(number);
        }

        Check(raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    public SqliteStatement Bind(string? text)
    {
        if (text is null)
        {
            return Bind((long?)null);
        }

        Span<byte> buffer = stackalloc byte[ShortText];
        var length = 0;
        ReadOnlySpan<byte> utf8 = Encoding.UTF8.TryGetBytes(text, buffer, out length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);
        Check(raw.sqlite3_bind_text(_statement, ++_bound, utf8));
        return this;
    }

    public SqliteStatement Bind(ReadOnlySpan<byte> bytes)
    {
        Check(raw.sqlite3_bind_blob(_statement, ++_bound, bytes));
        return this;
    }

    /// <exception cref="SqliteException">The statement failed. Roll back to undo its changes.</exception>
    public void Execute()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        _bound = 0;
        Check(result);
    }

    /// <summary>The number of rows inserted or changed by the connection's last statement.</summary>
    public int Changes => raw.sqlite3_changes(_connection);

    /// <summary>The integer in the first column of the first row; null if there is no row or the value is NULL.</summary>
    public long? ExecuteScalar()
    {
        var result = raw.sqlite3_step(_statement);
        long? number = result == raw.SQLITE_ROW && raw.sqlite3_column_type(_statement, 0) == raw.SQLITE_INTEGER
            ? raw.sqlite3_column_int64(_statement, 0)
            : null;
        raw.sqlite3_reset(_statement);
        _bound = 0;
        Check(result);
        return number;
    }

    /// <summary>Advances to the next row. Returns false after the last one, when the statement can be executed again.</summary>
    /// <exception cref="SqliteException">The statement failed.</exception>
    public bool Read()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(_statement);
        _bound = 0;
        Check(result);
        return false;
    }

    /// <summary>Reads a column of the current row, counted from 0.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <inheritdoc cref="Int64"/>
    public string String(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>Reads a column directly from SQLite's memory; valid until the next row.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    // The library treats SQLITE_DONE and SQLITE_ROW as success.
    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
