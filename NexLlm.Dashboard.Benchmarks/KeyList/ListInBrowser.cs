using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Tests.Browser;

namespace NexLlm.Dashboard.Benchmarks.KeyList;

/// <summary>What a person's browser sees of the list: bytes, time to painted rows, and the memory that an open tab costs the server.</summary>
internal static class ListInBrowser
{
    private const string Password = "violet otter plays the cello";
    private const int Tabs = 30;
    private const int ClosedTabs = 100;

    /// <summary>
    /// Resolves with the time from the last keystroke to the first frame after the table's rows changed. The pause that
    /// the search box waits for is part of it.
    /// </summary>
    private const string TypeAndWait = """
        async text => {
          const input = document.querySelector('input[type=search]');
          const painted = new Promise(done => {
            // The box itself changes at once: it gets the mark that clears it.
            const watch = new MutationObserver(changes => {
              if (changes.every(change => change.target.closest?.('.key-tools'))) return;
              watch.disconnect();
              requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
            });
            watch.observe(document.querySelector('main'), { childList: true, subtree: true });
          });
          // As whoever types does. What stands in a box that has no focus is replaced by what the server last heard.
          input.focus();
          input.value = text;
          const start = performance.now();
          input.dispatchEvent(new Event('input', { bubbles: true }));
          return (await painted) - start;
        }
        """;

    private static readonly string[] _searches = ["pro", "dev", "night", "support", "code", "index", "partner", "mobile", "label", "load", "news", "trans", "invoice", "onboard", "search", "pipe"];

    public static async Task ReportAsync(Stage stage)
    {
        await using var chromium = new Chromium();
        await SetPasswordAsync(stage);
        var profile = await chromium.NewProfileAsync(new() { BaseURL = stage.App.Address.ToString() });
        var page = await profile.NewPageAsync();
        Console.WriteLine();
        Console.WriteLine("| in the browser | |");
        Console.WriteLine("|---|---:|");

        await FirstVisitAsync(chromium, stage);
        await LogInAsync(page);
        await SearchAsync(page);
        await MemoryAsync(stage, profile, "/keys", "the list");
        await MemoryAsync(stage, profile, "/keys/deleted", "a light page");
        await ReturnedAsync(stage, profile);
    }

    private static async Task FirstVisitAsync(Chromium chromium, Stage stage)
    {
        var profile = await chromium.NewProfileAsync(new() { BaseURL = stage.App.Address.ToString() });
        var page = await profile.NewPageAsync();
        await LogInAsync(page);
        await page.CloseAsync();

        // A second tab of a new cache sees everything that a first visit to the list needs.
        var session = await profile.NewPageAsync();
        var network = await profile.NewCDPSessionAsync(session);
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        var bytes = 0.0;
        network.Event("Network.loadingFinished").OnEvent += (_, data) => bytes += data!.Value.GetProperty("encodedDataLength").GetDouble();
        await OpenAsync(session, "/keys");
        Row("first visit to the list, compressed", $"{bytes / 1024:F0} KB");
        await profile.CloseAsync();
    }

    private static async Task SearchAsync(IPage page)
    {
        await OpenAsync(page, "/keys");

        var (times, sizes) = (new Samples(), new Samples());
        foreach (var search in _searches.Concat(_searches.Select(s => s[..^1])).Prepend("warm up"))
        {
            var before = LoopbackBytes();
            var milliseconds = await page.EvaluateAsync<double>(TypeAndWait, search);
            // The counts follow the rows; their bytes belong to the search too.
            await page.WaitForURLAsync($"**/keys?q={Uri.EscapeDataString(search)}*");
            await page.WaitForFunctionAsync("() => new Promise(r => setTimeout(() => r(true), 400))");
            if (search != "warm up")
            {
                times.Add(milliseconds - 250);
                sizes.Add((LoopbackBytes() - before) / 1024.0);
            }
        }

        Row("debounce's end to painted rows, p50 / p90", $"{times.P50:F0} / {times.P90:F0} ms");
        Row("over the wire for one search, p50 / p90", $"{sizes.P50:F0} / {sizes.P90:F0} KB");
    }

    private static async Task MemoryAsync(Stage stage, IBrowserContext profile, string path, string name)
    {
        var warm = await profile.NewPageAsync();
        await OpenAsync(warm, path);
        var before = Heap();
        var pages = new List<IPage>();
        for (var tab = 0; tab < Tabs; tab++)
        {
            pages.Add(await profile.NewPageAsync());
            await OpenAsync(pages[^1], path);
        }

        Row($"heap of one more open tab, {name}", $"{(Heap() - before) / 1024.0 / Tabs:F0} KB");
        foreach (var page in pages.Append(warm))
        {
            await page.CloseAsync(new() { RunBeforeUnload = true });
        }
    }

    private static async Task ReturnedAsync(Stage stage, IBrowserContext profile)
    {
        var before = Heap();
        for (var tab = 0; tab < ClosedTabs; tab++)
        {
            var page = await profile.NewPageAsync();
            await OpenAsync(page, "/keys");
            await page.CloseAsync(new() { RunBeforeUnload = true });
        }

        await Task.Delay(TimeSpan.FromSeconds(5));
        Row($"heap kept after {ClosedTabs} tabs were opened and closed", $"{(Heap() - before) / 1024.0:F0} KB");
    }

    private static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.Locator("[data-interactive]").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    private static async Task LogInAsync(IPage page)
    {
        await page.GotoAsync("/account/login");
        await page.GetByLabel("Email").FillAsync(Stage.OwnerEmail);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/login", StringComparison.Ordinal));
    }

    private static async Task SetPasswordAsync(Stage stage)
    {
        var hash = await stage.App.Services.GetRequiredService<PasswordHashing>().HashAsync(Password, HashingLane.Of(stage.Owner));
        await using var db = await stage.App.Contexts.CreateDbContextAsync();
        await using var transaction = await db.BeginWriteAsync();
        await db.Users.Where(a => a.Id == stage.Owner.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash));
        await transaction.CommitAsync();
    }

    /// <summary>What went over the wire, as the system counts it: frames are compressed there. The browser's tools see them unpacked.</summary>
    private static long LoopbackBytes() =>
        long.Parse(File.ReadAllText("/sys/class/net/lo/statistics/tx_bytes"), CultureInfo.InvariantCulture);

    private static long Heap()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void Row(string name, FormattableString value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {value.ToString(CultureInfo.InvariantCulture)} |"));
}
