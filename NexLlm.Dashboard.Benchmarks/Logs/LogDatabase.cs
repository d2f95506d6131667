using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Benchmarks.Logs;

/// <summary>
/// Fills a request log with a month of a busy gateway, past everything that would make it slow: 200 accounts, 1,000 keys and
/// 20 models of which few make most requests, 2 % of them refused.
/// </summary>
internal static class LogDatabase
{
    public const int Accounts = 200;
    public const int Keys = 1_000;
    public const int Models = 20;

    /// <summary>Of a few lines among all.</summary>
    public const string RareModel = "model-rare";

    private const int RareEvery = 1_000_000;

    private static readonly string[] _parameters = ["$id", "$request", "$account", "$key", "$group", "$model", "$status", "$code", "$number"];
    private static readonly string[] _codes = ["insufficient_quota", "model_not_allowed", "ip_not_authorized", "key_expired"];

    /// <summary>From so long ago until now.</summary>
    public static TimeSpan Span { get; } = TimeSpan.FromDays(29);

    /// <summary>The program has made the file, and nobody has it open.</summary>
    /// <param name="firstAccount">The id of the account that makes most requests; the others follow.</param>
    public static void Fill(string file, int lines, long firstAccount)
    {
        var watch = Stopwatch.StartNew();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-500000");
        var indexes = Indexes(connection);
        indexes.ForEach(index => Execute(connection, $"DROP INDEX {index.Name}"));
        using (var transaction = connection.BeginTransaction())
        {
            AddLines(connection, lines, firstAccount);
            indexes.ForEach(index => Execute(connection, index.Sql));
            transaction.Commit();
        }

        Execute(connection, "PRAGMA journal_mode=WAL");
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Filled {lines:N0} lines in {watch.Elapsed:mm\\:ss}: {new FileInfo(file).Length / 1e6:N0} MB."));
    }

    /// <summary>The model of the lines of a rank; of 0 the most.</summary>
    public static string Model(int rank) => string.Create(CultureInfo.InvariantCulture, $"model-{rank:00}");

    public static long AccountOf(long key, long firstAccount) => firstAccount + ((key - 1) % Accounts);

    private static void AddLines(SqliteConnection connection, int lines, long firstAccount)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO Lines (Id, RequestId, AccountId, KeyId, GroupId, ChannelId, Model, Api, Status, Code, InputTokens, OutputTokens,
                ChargedTokens, Source, FirstByteMs, DurationMs, Address, Requests, ChargeId)
            VALUES ($id, $request, $account, $key, $group, 1, $model, 0, $status, $code, 700, 300, 1000, 0, 420, 1900, x'0A000001', 1, $number)
            """;
        var parameters = _parameters.Select(name => insert.Parameters.Add(new SqliteParameter(name, null))).ToArray();
        var begin = (TimeProvider.System.GetUtcNow() - Span).ToUnixTimeMilliseconds();
        var pause = Span.TotalMilliseconds / lines;
#pragma warning disable CA5394 // Invented data.
        var random = new Random(1);
        for (var number = 0; number < lines; number++)
        {
            var id = RequestNumber.FirstAt(begin + (long)(number * pause)) + (number & 4095);
            var key = 1 + Skewed(random, Keys);
            var isRefused = random.Next(50) == 0;
            Set(parameters, id, RequestNumber.NewId(id), AccountOf(key, firstAccount), key, 1 + random.Next(3),
                number % RareEvery == RareEvery / 2 ? RareModel : Model(Skewed(random, Models)),
                isRefused ? 403 : 200, isRefused ? _codes[random.Next(_codes.Length)] : DBNull.Value, number);
            insert.ExecuteNonQuery();
        }
#pragma warning restore CA5394
    }

#pragma warning disable CA5394
    private static int Skewed(Random random, int count) => (int)(Math.Pow(random.NextDouble(), 3) * count);
#pragma warning restore CA5394

    private static void Set(SqliteParameter[] parameters, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i].Value = values[i];
        }
    }

    private static List<(string Name, string Sql)> Indexes(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'Lines'";
        using var reader = command.ExecuteReader();
        var indexes = new List<(string, string)>();
        while (reader.Read())
        {
            indexes.Add((reader.GetString(0), reader.GetString(1)));
        }

        return indexes;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
