#pragma warning disable
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
namespace NexLlm.Dashboard.Benchmarks;
internal static class Temp
{
    public static async Task RunAsync(int keys, int par, string sync)
    {
        using var folder = new TemporaryFolder();
        await using (var a = new NexLlmApp { LastingFolder = folder }) { _ = a.Address; }
        var w = Stopwatch.StartNew();
        var secrets = KeyDatabase.Fill(folder.File("nexllm.db"), keys);
        Console.WriteLine($"fill {w.Elapsed}");
        w.Restart();
        await using var app = new NexLlmApp { LastingFolder = folder, ConfigureServices = s => s.Replace(ServiceDescriptor.Singleton(TimeProvider.System)) };
        app.Settings["Data:Synchronous"] = sync;
        _ = app.Address;
        Console.WriteLine($"start {w.Elapsed}");
        var dir = app.Services.GetRequiredService<KeyDirectory>();
        var ledger = app.Services.GetRequiredService<UsageLedger>();
        w.Restart();
        var live = new List<LiveKey>();
        foreach (var s in secrets) live.Add((await dir.FindAsync(KeyHash.Of(s.Hash)))!);
        Console.WriteLine($"load {w.Elapsed} {live.Count}");
        var commits = new List<(double T, int N)>(); double lastT = 0;
        var ml = new System.Diagnostics.Metrics.MeterListener();
        ml.InstrumentPublished = (i, l) => { if (i.Meter.Name == "NexLlm.Dashboard" && i.Name.Contains("ledger")) l.EnableMeasurementEvents(i); };
        ml.SetMeasurementEventCallback<double>((i, m, t, st) => lastT = m);
        ml.SetMeasurementEventCallback<int>((i, m, t, st) => { lock (commits) commits.Add((lastT, m)); });
        ml.Start();
        for (int rep = 0; rep < 3; rep++)
        {
            var until = Stopwatch.GetTimestamp() + 3 * Stopwatch.Frequency;
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var lat = new List<double>[par];
            await Task.WhenAll(Enumerable.Range(0, par).Select(p => Task.Run(async () =>
            {
                var l = lat[p] = []; var i = p * 15;
                while (Stopwatch.GetTimestamp() < until)
                {
                    var st = Stopwatch.GetTimestamp();
                    var d = new Dispatch("0123456789abcdef0123456789abcdef", 1, "fake-plain", 1_000_000, 1536, 256, TimeProvider.System.GetUtcNow());
                    if (ledger.TryReserve(live[i++ % live.Count], d, out var t) is not Verdict.Allowed) throw new Exception();
                    await ledger.ReadyAsync(t!);
                    await t!.SettleAsync(new Settlement(300, 50, UsageSource.Upstream));
                    l.Add(Stopwatch.GetElapsedTime(st).TotalMilliseconds);
                }
            })));
            var all = lat.SelectMany(x => x).Order().ToList();
            var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            lock (commits) { var f = commits.Where(c => c.N == 0).Select(c => c.T * 1000).ToList(); var g = commits.Where(c => c.N > 0).ToList(); commits.Clear();
            Console.WriteLine($"flushes {string.Join(' ', f.Select(x => x.ToString("F1")))} ms; groups {g.Count / 3}/s of {g.Average(c => c.N):F1}, {g.Average(c => c.T) * 1000:F3} ms"); }
            Console.WriteLine($"{par} parallel {sync}: {all.Count / 3} charges/s, cpu {used.TotalMicroseconds / all.Count:F1} us, p50 {all[all.Count / 2]:F2} p99 {all[(int)(all.Count * .99)]:F2} max {all[^1]:F1} ms");
        }
    }
}
