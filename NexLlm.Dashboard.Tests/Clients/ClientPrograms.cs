using System.Diagnostics;
using System.Runtime.CompilerServices;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Clients;

/// <summary>The official clients from npm, as <c>package-lock.json</c> pins them and <c>scripts/test</c> installs them.</summary>
internal static class ClientPrograms
{
    public const string Missing = "The npm clients are not installed; ./scripts/test installs them.";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(90);

    /// <summary>Whether what is installed is what is pinned.</summary>
    public static bool AreInstalled { get; } =
        File.Exists(Stamp) && File.ReadAllText(Stamp) == File.ReadAllText(Path.Combine(Folder, "package-lock.json")) && Node is not null;

    private static string Folder => Path.GetDirectoryName(ThisFile())!;

    /// <summary>By its own launcher for installations without install scripts, which npm does not run unasked.</summary>
    private static string ClaudeCode => $"claude() {{ node \"{Modules}/@anthropic-ai/claude-code/cli-wrapper.cjs\" \"$@\"; }}\n";

    private static string Modules => Path.Combine(Folder, "node_modules");

    private static string Stamp => Path.Combine(Modules, ".installed-lock.json");

    private static string? Node => Directory.Exists(Modules) ? Directory.EnumerateDirectories(Modules, "node-linux-*").FirstOrDefault() : null;

    /// <summary>Runs one of the scripts beside this file.</summary>
    public static Task<string> RunScriptAsync(TemporaryFolder home, string script, string argument) =>
        RunAsync(home, $"node --env-file=.env \"{Folder}/{script}\" {argument}");

    /// <summary>
    /// Runs what a person pastes into a shell, with the clients on the path and nothing of this process's environment. The outside
    /// network is out of reach for whoever asks for a proxy.
    /// </summary>
    /// <returns>What it printed, once it ended well.</returns>
    public static async Task<string> RunAsync(TemporaryFolder home, string commands)
    {
        var (status, output, errors) = await TryAsync(home, commands);
        Assert.True(status == 0, $"Ended with {status}.\n{Tail(output)}\n{Tail(errors)}");
        return output;
    }

    /// <summary>The same, however it ends.</summary>
    public static async Task<Ending> TryAsync(TemporaryFolder home, string commands)
    {
        Prepare(home);
        var start = new ProcessStartInfo("sh", ["-c", ClaudeCode + commands])
        {
            WorkingDirectory = home.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Variables(home))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).WaitAsync(_limit, TestContext.Current.CancellationToken);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Did not end.\n{Tail(await output)}\n{Tail(await errors)}");
        }

        return new Ending(process.ExitCode, await output, await errors);
    }

    private static IEnumerable<(string Name, string Value)> Variables(TemporaryFolder home) =>
    [
        ("HOME", home.Path),
        ("PATH", $"{Node}/bin:{Modules}/.bin:/usr/local/bin:/usr/bin:/bin"),
        ("LANG", "C.UTF-8"),
        ("HTTP_PROXY", "http://127.0.0.1:9"),
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ("NO_PROXY", "127.0.0.1,localhost"),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
        ("DISABLE_AUTOUPDATER", "1"),
    ];

    /// <summary>A folder where a program can import the clients.</summary>
    private static void Prepare(TemporaryFolder home)
    {
        if (Directory.Exists(home.File("node_modules")))
        {
            return;
        }

        Directory.CreateSymbolicLink(home.File("node_modules"), Modules);
    }

    private static string Tail(string text) => text.Length > 4_000 ? $"…{text[^4_000..]}" : text;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
