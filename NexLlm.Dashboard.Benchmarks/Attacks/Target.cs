using System.Globalization;
using Microsoft.Data.Sqlite;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>The real program in a process of its own, with keys of accounts that have something to spend and of others.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private Target(Server server, DirectoryInfo folder, KeySecret bystander, KeySecret penniless, KeySecret poor)
    {
        Server = server;
        _folder = folder;
        Bystander = bystander;
        Penniless = penniless;
        Poor = poor;
    }

    public Server Server { get; }

    /// <summary>Of an account that the attack does not concern.</summary>
    public KeySecret Bystander { get; }

    /// <summary>Of an account whose quota is 0.</summary>
    public KeySecret Penniless { get; }

    /// <summary>With a quota that no large request fits into.</summary>
    public KeySecret Poor { get; }

    /// <param name="program">The built program, this checkout's or another's.</param>
    /// <param name="settings">Its environment, beside the usual.</param>
    public static async Task<Target> StartAsync(string program, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var folder = Directory.CreateTempSubdirectory("nexllm-attack-");
        var file = Path.Combine(folder.FullName, "nexllm.db");
        KeyValuePair<string, string?>[] usual =
        [
            new("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            new("ConnectionStrings__NexLlm", $"Data Source={file}"),
            new("Setup__AdminEmail", Gateway.Servers.Dashboard.AdminEmail),
            new("Setup__AdminPassword", Gateway.Servers.Dashboard.AdminPassword),
        ];
        await using (await Server.StartAsync(program, [], usual))
        {
            // Its first start makes the database.
        }

        var secrets = KeyDatabase.Fill(file, 3);
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync();
            // The keys are restricted to the models of the benchmark's upstream; here the built-in one answers.
            await ExecuteAsync(connection, "UPDATE ApiKeys SET AllowedModels = NULL");
            await ExecuteAsync(connection, $"UPDATE Accounts SET TokenLimit = 0 WHERE Id = {Owner(2)}");
            await ExecuteAsync(connection, $"UPDATE ApiKeys SET TokenLimit = 1000000 WHERE OwnerId = {Owner(3)}");
        }

        return new Target(await Server.StartAsync(program, [], [.. usual, .. settings]), folder, secrets[0], secrets[1], secrets[2]);

        static string Owner(int number) => string.Create(
            CultureInfo.InvariantCulture, $"(SELECT OwnerId FROM ApiKeys ORDER BY Id LIMIT 1 OFFSET {number - 1})");
    }

    /// <summary>A <see cref="BareTarget"/>, which takes any key.</summary>
    public static async Task<Target> StartBareAsync(IEnumerable<KeyValuePair<string, string?>> settings) => new(
        await Server.StartAsync(typeof(Target).Assembly.Location, [ServeBareTargetCommand.Word], [new("DOTNET_gcServer", "1"), .. settings]),
        Directory.CreateTempSubdirectory("nexllm-attack-"), KeySecret.Generate(), KeySecret.Generate(), KeySecret.Generate());

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
