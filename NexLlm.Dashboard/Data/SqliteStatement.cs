using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NexLlm.Dashboard.Data;

/// <summary>A statement that is prepared once and run many times without an object being made for a run.</summary>
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

    /// <summary>Binds the next parameter, in the order of the text.</summary>
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

    /// <exception cref="SqliteException">It failed; what it began is undone by rolling back.</exception>
    public void Execute()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        _bound = 0;
        Check(result);
    }

    /// <summary>How many rows the last statement of this connection inserted or changed.</summary>
    public int Changes => raw.sqlite3_changes(_connection);

    /// <summary>The number in the first column of the first row; null if there is no row, or no value in it.</summary>
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

    /// <summary>Moves to the next row; false after the last, when the statement can be executed again.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
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

    /// <summary>A column of the row, from 0.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <inheritdoc cref="Int64"/>
    public string String(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>A column of the row where SQLite holds it, until the next row.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    // The library takes "done" and "a row" for successes.
    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
