using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>The primary SQLite result codes that the application distinguishes.</summary>
internal static class SqliteErrors
{
    public const int Busy = 5;
    public const int Locked = 6;
    public const int ReadOnly = 8;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int NotADatabase = 26;

    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is Corrupt or NotADatabase;
}
