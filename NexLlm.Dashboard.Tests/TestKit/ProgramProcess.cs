using System.Diagnostics;
using System.Text;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>How a process ended and all that it said.</summary>
public sealed record Ending(int ExitCode, string Output, string Errors);

/// <summary>The program as an operator runs it: a process of its own, working in a folder of the test.</summary>
public sealed class ProgramProcess : IAsyncDisposable
{
    private const string ReadyLine = "NexLLM Dashboard listening on ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private ProgramProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>What the build makes, where <c>dotnet run</c> starts it.</summary>
    public static string BuiltProgram { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace("NexLlm.Dashboard.Tests", "NexLlm.Dashboard", StringComparison.Ordinal), "NexLlm.Dashboard.dll");

    /// <summary>Starts it on a free port, with its data in the folder, or in the folder's database on PostgreSQL.</summary>
    public static ProgramProcess Start(
        TemporaryFolder folder, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string>? settings = null, string? program = null)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", program ?? BuiltProgram, .. arguments ?? ["--urls", "http://127.0.0.1:0"]])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        if (TestEngine.IsPostgres)
        {
            start.Environment["ConnectionStrings__NexLlm"] = Task.Run(folder.DatabaseAsync).GetAwaiter().GetResult().ConnectionString;
            start.Environment["NexLlm__MasterKey"] = TestEngine.MasterKey;
        }

        return new ProgramProcess(start);
    }

    /// <summary>The address that it says it can be opened at.</summary>
    public async Task<Uri> ReadyAsync() => await _ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>Waits until it has printed the text.</summary>
    public Task SaysAsync(string text)
    {
        lock (_awaited)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, seen));
            Notice();
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for it to end by itself.</summary>
    public async Task<Ending> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        await _reading;
        return new Ending(_process.ExitCode, _output.ToString(), await _errors);
    }

    /// <summary>Asks it to stop, as a service manager does (SIGTERM).</summary>
    public async Task<Ending> StopAsync()
    {
        // The shell's own: the program of that name is not on every machine.
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Ends it as a crash would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_awaited)
            {
                _output.AppendLine(line);
                Notice();
            }

            if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
            {
                _ready.TrySetResult(new Uri(line[ReadyLine.Length..]));
            }
        }

        _ready.TrySetException(new InvalidOperationException($"It ended before it was ready: {await _errors}"));
    }

    private void Notice()
    {
        foreach (var (_, seen) in _awaited.Where(a => _output.ToString().Contains(a.Text, StringComparison.Ordinal)))
        {
            seen.TrySetResult();
        }
    }
}
