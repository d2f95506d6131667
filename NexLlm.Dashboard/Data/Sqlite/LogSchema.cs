using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>
/// The tables of the request log file. The file has its own schema version because it can be deleted independently of the database.
/// </summary>
internal static class LogSchema
{
    /// <summary>The columns of <c>Lines</c>, in the order of writing and reading.</summary>
    public const string LineColumns =
        """
        Id, RequestId, AccountId, KeyId, GroupId, ChannelId, Model, Api, Status, Code, InputTokens, OutputTokens, ChargedTokens, Source,
        FirstByteMs, DurationMs, Address, Requests, ChargeId, NeededTokens
        """;

    private const int Version = 1;

    /// <summary>Creates the tables if they don't exist.</summary>
    /// <exception cref="StartRefusedException">The tables were created by a later version of the application.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var found = (long)command.ExecuteScalar()!;
        if (found > Version)
        {
            throw new StartRefusedException($"{path} was created by a newer version. Run that version, or delete the file (it only holds the request log).");
        }

        if (found < Version)
        {
            command.CommandText = $"BEGIN IMMEDIATE; {Tables} PRAGMA user_version={Version}; COMMIT;";
            command.ExecuteNonQuery();
        }
    }

    private const string Tables =
        """
        CREATE TABLE Lines (
            Id INTEGER PRIMARY KEY, RequestId TEXT NOT NULL, AccountId INTEGER, KeyId INTEGER, GroupId INTEGER, ChannelId INTEGER, Model TEXT,
            Api INTEGER, Status INTEGER NOT NULL, Code TEXT, InputTokens INTEGER NOT NULL, OutputTokens INTEGER NOT NULL,
            ChargedTokens INTEGER NOT NULL, Source INTEGER NOT NULL, FirstByteMs INTEGER, DurationMs INTEGER NOT NULL, Address BLOB,
            Requests INTEGER NOT NULL, ChargeId INTEGER, NeededTokens INTEGER);
        CREATE INDEX IX_Lines_Account ON Lines (AccountId, Id, KeyId);
        CREATE INDEX IX_Lines_Failed ON Lines (AccountId, Id) WHERE Status >= 400;
        CREATE TABLE Refusals (
            Quarter INTEGER NOT NULL, AccountId INTEGER NOT NULL, KeyId INTEGER NOT NULL, Code TEXT NOT NULL, Requests INTEGER NOT NULL,
            PRIMARY KEY (Quarter, AccountId, KeyId, Code)) WITHOUT ROWID;
        CREATE TABLE State (Id INTEGER PRIMARY KEY CHECK (Id = 1), ChargesBelow INTEGER NOT NULL);
        INSERT INTO State VALUES (1, 0);
        """;
}
