using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>A server in a process of its own, which has no children, so that what it costs can be told from what the others cost.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    private Server(Process process) => _process = process;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    public string Address => $"http://{EndPoint}";

    /// <summary>Since the process was started.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>Time on all processors so far, in user and in kernel mode.</summary>
    public TimeSpan Cpu => Refreshed.TotalProcessorTime;

    public bool HasEnded => _process.HasExited;

    public double ResidentMegabytes => Refreshed.WorkingSet64 / 1024.0 / 1024.0;

    /// <summary>Calls to read from files so far. Sockets are read by other calls.</summary>
    public long FileReads => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/io").First(line => line.StartsWith("syscr: ", StringComparison.Ordinal))["syscr: ".Length..],
        CultureInfo.InvariantCulture);

    private Process Refreshed
    {
        get
        {
            _process.Refresh();
            return _process;
        }
    }

    /// <summary>Returns when it has printed where it listens.</summary>
    /// <param name="program">A .NET program that was built.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Its environment, beside this process's.</param>
    public static async Task<Server> StartAsync(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var server = new Server(Process.Start(start)!);
        while (await server._process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split([ChildServer.ReadyMark, ChildServer.EarlierReadyMark], StringSplitOptions.None) is [_, var address])
            {
                server.EndPoint = IPEndPoint.Parse(new Uri(address).Authority);
                // Nobody reads on, but a full pipe would stop it.
                _ = server._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return server;
            }
        }

        throw new InvalidOperationException($"{Path.GetFileName(program)} ended before it was ready.");
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has. Ends it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var terminate = Process.Start("kill", [$"{_process.Id}"]);
            await terminate.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(_patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
