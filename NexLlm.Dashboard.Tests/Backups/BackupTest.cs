using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Backups;

/// <summary>A database with one account and its key, and the commands as an operator runs them on it: processes of their own.</summary>
[SqliteOnly("Copies are files. PostgreSQL has its own tools for that.")]
public abstract class BackupTest : IAsyncLifetime
{
    protected const string Email = "ada@example.com";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TemporaryFolder Folder { get; } = new();

    protected Actor Owner { get; private set; } = null!;

    protected CreateOutcome.Created Key { get; private set; } = null!;

    /// <summary>The backup.</summary>
    protected string Safe => Folder.File("safe.db");

    protected string Database => Folder.File("nexllm.db");

    public virtual async ValueTask InitializeAsync()
    {
        await using var app = App();
        Owner = await app.CreateActorAsync(Email, tokenLimit: 100_000_000);
        Key = await app.CreateKeyAsync(Owner, "production-app");
    }

    public virtual ValueTask DisposeAsync()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>On the real clock, as the processes beside it.</summary>
    protected NexLlmApp App() => new()
    {
        LastingFolder = Folder,
        ConfigureServices = services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)),
    };

    protected Dictionary<string, string> Settings() => new() { ["ConnectionStrings__NexLlm"] = $"Data Source={Database}" };

    /// <summary>With the master key that the first start has put beside the SQLite file.</summary>
    protected Dictionary<string, string> On(PostgresDatabase postgres) => new()
    {
        ["ConnectionStrings__NexLlm"] = postgres.ConnectionString,
        ["NexLlm__MasterKey"] = File.ReadAllText(Folder.File("master.key")).Trim(),
    };

    protected ProgramProcess Start() => ProgramProcess.Start(Folder, settings: Settings());

    protected Task<Ending> RunAsync(params string[] arguments) => RunAsync(Settings(), arguments);

    protected async Task<Ending> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        await using var program = ProgramProcess.Start(Folder, arguments, settings);
        return await program.EndAsync();
    }

    protected Task<Ending> KilledAtAsync(string failpoint, params string[] arguments) =>
        RunAsync(new Dictionary<string, string>(Settings()) { ["NEXLLM_FAILPOINT"] = failpoint }, arguments);

    protected async Task BackUpAsync()
    {
        var backup = await RunAsync("backup", Safe);
        Assert.True(backup.ExitCode == 0, backup.Errors);
    }

    protected HttpClient Caller(Uri address)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key.Secret.Reveal());
        return http;
    }

    /// <summary>The id of a request that was answered to its end.</summary>
    protected static async Task<string> CallAsync(HttpClient http)
    {
        using var body = new StringContent(TestKit.Caller.ChatBody("nexllm-echo", more: ",\"max_tokens\":5"), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/chat/completions", body, Cancellation);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("x-request-id").Single();
    }

    protected async Task DeleteKeyAsync()
    {
        await using var app = App();
        Assert.Equal(1, await app.Keys.DeleteAsync(Owner, [Key.Key.Id], Cancellation));
    }

    /// <summary>Whether the key lives in the database that is there now.</summary>
    protected async Task<bool> KeyWorksAsync()
    {
        await using var app = App();
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        return await db.Set<ApiKey>().AnyAsync(k => k.Id == Key.Key.Id && k.DeletedAt == null, Cancellation);
    }

    /// <summary>What was set aside when something took its place.</summary>
    protected string Replaced(string file = "nexllm.db") =>
        Assert.Single(Directory.GetFiles(Folder.Path, $"{file}.replaced-*"), f => f[^4] != '-');

    protected static object? Ask(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Writes over a page in its midst, as a bad disk does, and leaves the beginning alone.</summary>
    protected static void Damage(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var page = new byte[4096];
        Array.Fill(page, (byte)0xA5);
        for (var at = stream.Length / 2 / page.Length * page.Length; at < stream.Length; at += page.Length)
        {
            stream.Position = at;
            stream.Write(page);
        }
    }
}
