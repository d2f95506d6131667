using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data;

/// <summary>The tables of the request log's file, which has versions of its own: it comes and goes without the database.</summary>
internal static class LogSchema
{
    /// <summary>Of <c>Lines</c>, in the order in which they are written and read.</summary>
    public const string LineColumns =
        """
        Id, RequestId, AccountId, KeyId, GroupId, ChannelId, Model, Api, Status, Code, InputTokens, OutputTokens, ChargedTokens, Source,
        FirstByteMs, DurationMs, Address, Requests, ChargeId, NeededTokens
        """;

    private const int Version = 1;

    /// <summary>Makes the tables if there are none.</summary>
    /// <exception cref="StartRefusedException">A later version of the program made them.</exception>
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
