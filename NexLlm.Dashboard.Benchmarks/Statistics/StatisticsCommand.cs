using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Benchmarks.KeyList;
using NexLlm.Dashboard.Data.Sqlite;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Benchmarks.Statistics;

/// <summary><c>statistics</c>: how long each statistic takes over the roll-up of many requests, as the service answers it.</summary>
internal sealed class StatisticsCommand : Command
{
    private const int Accounts = 200;
    private const int Keys = 1_000;
    private const int WarmUp = 3;
    private const int Rounds = 20;

    private static readonly string[] _zones = ["UTC", "America/Los_Angeles", "Asia/Kolkata"];

    private readonly Argument<int> _requests = new("REQUESTS") { Description = "How many requests in 29 days.", DefaultValueFactory = _ => 10_000_000 };

    public StatisticsCommand()
        : base("statistics", "Each statistic over a month of many requests, as a report in Markdown.")
    {
        Arguments.Add(_requests);
        SetAction((arguments, cancellation) => RunAsync(arguments.GetValue(_requests), cancellation));
    }

    private static async Task RunAsync(int requests, CancellationToken cancellation)
    {
        await using var app = new NexLlmApp { Settings = { [SqliteOptions.SynchronousSetting] = "Normal" } };
        var watch = Stopwatch.StartNew();
        var month = new MonthOfUse { App = app };
        await month.FillAsync(requests, Accounts, Keys, cancellation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{requests:N0} requests of {Keys:N0} keys in {Accounts} accounts, filled in {watch.Elapsed:mm\\:ss}; {new FileInfo(app.DatabaseFile).Length / 1_048_576.0:N0} MB."));
        Console.WriteLine();
        Console.WriteLine("| milliseconds | zone | p50 | p95 | of the processor |");
        Console.WriteLine("|---|---|---:|---:|---:|");
        var statistics = app.Services.GetRequiredService<UsageStatistics>();
        var forecast = app.Services.GetRequiredService<UsageForecast>();
        var administrator = await app.CreateActorAsync(administrator: true);
        foreach (var zone in _zones.Select(TimeZoneInfo.FindSystemTimeZoneById))
        {
            foreach (var (name, actor, question) in Questions(month, administrator))
            {
                await ReportAsync(name, zone.Id, () => statistics.ForAsync(actor, question, zone, cancellation));
            }
        }

        await ReportAsync("what runs out, everybody", "", () => forecast.ListAsync(administrator, cancellation));
        await ReportAsync("when a key runs out", "", () => forecast.OfKeyAsync(month.Owner, month.KeyId, cancellation));
    }

    private static IEnumerable<(string Name, Actor Actor, UsageQuery Question)> Questions(MonthOfUse month, Actor administrator)
    {
        (string, Actor, UsageScope)[] scopes =
        [
            ("everybody", administrator, new UsageScope.Everybody()),
            ("one account", month.Owner, new UsageScope.Own()),
            ("one key", month.Owner, new UsageScope.OfKey(month.KeyId)),
        ];
        foreach (var (who, actor, scope) in scopes)
        {
            foreach (var grouping in scope is UsageScope.OfKey ? [UsageGrouping.Model] : Enum.GetValues<UsageGrouping>())
            {
                foreach (var (days, step) in new[] { (29, UsageStep.Day), (29, UsageStep.Hour), (7, UsageStep.Hour), (1, UsageStep.Hour) })
                {
                    yield return ($"{who}, {days} days by {step}, by {grouping}".ToLowerInvariant(), actor, new(scope, new UsageRange.Last(days), step, grouping));
                }
            }
        }
    }

    private static async Task ReportAsync(string name, string zone, Func<Task> ask)
    {
        var samples = new Samples();
        var before = TimeSpan.Zero;
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            before = round == WarmUp ? Environment.CpuUsage.TotalTime : before;
            await (round < WarmUp ? new Samples() : samples).TimeAsync(ask);
        }

        // What a busy machine cannot blur.
        var processor = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Rounds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {zone} | {samples.P50:F1} | {samples.P95:F1} | {processor:F1} |"));
    }
}
