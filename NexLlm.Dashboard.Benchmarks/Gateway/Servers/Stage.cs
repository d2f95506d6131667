namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>All servers of a run. Each is started when it is first asked for, and then runs until the end.</summary>
/// <param name="keys">In the databases.</param>
/// <param name="earlier">The built program of an older checkout, to compare with; null for none.</param>
internal sealed class Stage(int keys, string? earlier) : IAsyncDisposable
{
    private const int FewKeys = 1_000;
    private const int LogLines = 10_000_000;

    // The web SDK gives it to every server; the bare ones come out of this console program.
    private static readonly KeyValuePair<string, string?>[] _likeAnyServer = [new("DOTNET_gcServer", "1")];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nexllm-benchmark-");
    private readonly Dictionary<string, object> _running = [];
    private readonly Stack<IAsyncDisposable> _started = [];

    public Task<Server> UpstreamAsync() => OnceAsync("upstream", () => OwnAsync(ServeUpstreamCommand.Word));

    public Task<Server> BareProxyAsync() => OnceAsync("bare", StartBareProxyAsync);

    /// <summary>A second one, to see how much two of the same differ.</summary>
    public Task<Server> OtherBareProxyAsync() => OnceAsync("bare, other", StartBareProxyAsync);

    /// <summary>All keys; a charge is on the disk before it is acknowledged.</summary>
    public Task<Dashboard> FullAsync() => DashboardAsync("full", keys, "Full");

    /// <summary>All keys; a charge is with the operating system before it is acknowledged.</summary>
    public Task<Dashboard> NormalAsync() => DashboardAsync("normal", keys, "Normal");

    /// <summary>As <see cref="FullAsync"/>, of the older checkout; null where there is none.</summary>
    public async Task<Dashboard?> EarlierAsync() => earlier is null ? null : await DashboardAsync("earlier", keys, "Full", earlier);

    /// <summary>As <see cref="FullAsync"/>, with a thousand keys.</summary>
    public Task<Dashboard> FewKeysAsync() => DashboardAsync("few", FewKeys, "Full");

    /// <summary>With a thousand keys and a large request log.</summary>
    public Task<Dashboard> LoggedAsync() => OnceAsync("logged", async () =>
        await Dashboard.StartAsync(Dashboard.OwnProgram, _folder.CreateSubdirectory("logged"), FewKeys, "Full", await UpstreamAsync(), LogLines));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _started)
        {
            await server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<Server> StartBareProxyAsync() => await OwnAsync(ServeBareProxyCommand.Word, (await UpstreamAsync()).Address);

    private Task<Dashboard> DashboardAsync(string name, int keys, string synchronous, string? program = null) => OnceAsync(
        name, async () => await Dashboard.StartAsync(program ?? Dashboard.OwnProgram, _folder.CreateSubdirectory(name), keys, synchronous, await UpstreamAsync()));

    private static Task<Server> OwnAsync(params string[] arguments) =>
        Server.StartAsync(typeof(Stage).Assembly.Location, arguments, _likeAnyServer);

    private async Task<T> OnceAsync<T>(string name, Func<Task<T>> start)
        where T : class, IAsyncDisposable
    {
        if (!_running.TryGetValue(name, out var running))
        {
            Console.Error.WriteLine($"Starting: {name}");
            var started = await start();
            _started.Push(started);
            _running.Add(name, running = started);
        }

        return (T)running;
    }
}
