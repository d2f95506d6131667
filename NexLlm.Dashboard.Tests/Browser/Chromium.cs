using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using NexLlm.Dashboard.Tests.Browser;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>The system's Chromium, started once for all tests, at the first that needs it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] _places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>In milliseconds, for what a page shows or does: on a busy machine even what is right takes its time.</summary>
    internal const int Patience = 20_000;

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _started = new(StartAsync);

    /// <summary>Whether this machine has one; the variable <c>CHROMIUM</c> names another place.</summary>
    public static bool IsInstalled => Executable is not null;

    private static string? Executable =>
        Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : Array.Find(_places, File.Exists);

    /// <summary>A browser profile of its own: no cookies, nothing stored.</summary>
    public async Task<IBrowserContext> NewProfileAsync(BrowserNewContextOptions? options = null) =>
        await (await _started.Value).Browser.NewContextAsync(options);

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            var (playwright, browser) = await _started.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                // In a container, shared memory is too little for a page.
                "--disable-dev-shm-usage",
            ],
        });
        return (playwright, browser);
    }
}

/// <summary>A test that needs a browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = "Chromium is not installed; ./scripts/test installs it.";
        SkipType = typeof(Chromium);
        SkipUnless = nameof(Chromium.IsInstalled);
    }
}
