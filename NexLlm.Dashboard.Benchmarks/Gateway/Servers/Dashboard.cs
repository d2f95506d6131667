using System.Globalization;
using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Logs;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>The program itself, as it is built, on a database of its own that is full of keys.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    public const string AdminEmail = "admin@example.com";
    public const string AdminPassword = "quiet harbour lantern 47";

    /// <summary>This checkout's.</summary>
    public static string OwnProgram { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace("NexLlm.Dashboard.Benchmarks", "NexLlm.Dashboard", StringComparison.Ordinal), "NexLlm.Dashboard.dll");

    private Dashboard(Server server, IReadOnlyList<KeySecret> secrets, string databaseFile)
    {
        Server = server;
        Secrets = secrets;
        DatabaseFile = databaseFile;
    }

    public Server Server { get; }

    /// <summary>Those of its keys with which it is called.</summary>
    public IReadOnlyList<KeySecret> Secrets { get; }

    public string DatabaseFile { get; }

    /// <summary>From the start of the process until a chat was answered.</summary>
    public TimeSpan FirstAnswer { get; private init; }

    /// <param name="program">The built program, this checkout's or another's.</param>
    /// <param name="synchronous">When SQLite waits for the disk.</param>
    /// <param name="logLines">Lines that its request log begins with.</param>
    public static async Task<Dashboard> StartAsync(
        string program, DirectoryInfo folder, int keys, string synchronous, Server upstream, int logLines = 0)
    {
        var file = Path.Combine(folder.FullName, "nexllm.db");
        var settings = Settings(file, synchronous, upstream).ToList();
        await using (await Server.StartAsync(program, [], settings))
        {
            // Its first start makes the database.
        }

        var secrets = KeyDatabase.Fill(file, keys);
        if (logLines > 0)
        {
            LogDatabase.Fill(Path.Combine(folder.FullName, "nexllm-log.db"), logLines, firstAccount: 1);
        }

        var server = await Server.StartAsync(program, [], settings);
        using (var first = new LoadGenerator(server.EndPoint, Chat.ToGateway(1, UpstreamManner.Plain, secrets)))
        {
            if (first.Run(TimeSpan.Zero) is [{ Wrong: 0 }])
            {
                return new Dashboard(server, secrets, file) { FirstAnswer = server.Age };
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException("The gateway did not answer its first request as it should.");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static IEnumerable<KeyValuePair<string, string?>> Settings(string file, string synchronous, Server upstream)
    {
        yield return new("ASPNETCORE_URLS", "http://127.0.0.1:0");
        yield return new("ConnectionStrings__NexLlm", $"Data Source={file}");
        yield return new("Data__Synchronous", synchronous);
        yield return new("Setup__AdminEmail", AdminEmail);
        yield return new("Setup__AdminPassword", AdminPassword);
        foreach (var (index, manner) in UpstreamManners.All.Index())
        {
            var channel = string.Create(CultureInfo.InvariantCulture, $"Provisioning__Channels__{index}");
            yield return new($"{channel}__Name", manner.Model());
            yield return new($"{channel}__Type", "OpenAI");
            yield return new($"{channel}__BaseUrl", upstream.Address + manner.PathBase());
            yield return new($"{channel}__ApiKey", "provider-key");
            yield return new($"{channel}__Models__0", manner.Model());
        }
    }
}
