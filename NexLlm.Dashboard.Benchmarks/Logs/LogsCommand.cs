using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Benchmarks.KeyList;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Benchmarks.Logs;

/// <summary><c>logs</c>: how long a page of the log takes, alone and while somebody exports all of it.</summary>
internal sealed class LogsCommand : Command
{
    private const int Rounds = 60;
    private const int WarmUp = 3;

    /// <summary>The 95th percentile of every page, in milliseconds.</summary>
    private const double Goal = 300;

    private readonly Argument<int> _lines = new("LINES") { Description = "Lines in the log.", DefaultValueFactory = _ => 10_000_000 };

    public LogsCommand()
        : base("logs", "Pages of a large request log, as a report in Markdown.")
    {
        Arguments.Add(_lines);
        SetAction((arguments, _) => RunAsync(arguments.GetValue(_lines)));
    }

    /// <returns>1 if the goal was missed.</returns>
    private static async Task<int> RunAsync(int lines)
    {
        await using var stage = await LogStage.FillAsync(lines);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{lines:N0} lines over {LogDatabase.Span.TotalDays:0} days, a page of {LogQuery.PageSize}, milliseconds.\n"));
        var alone = await MeasureAsync(stage, "alone");
        using var stopping = new CancellationTokenSource();
        var export = Task.Run(() => ExportAsync(stage, stopping.Token), CancellationToken.None);
        var beside = await MeasureAsync(stage, "while everything is exported");
        await stopping.CancelAsync();
        var (exported, took) = await export;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nExported meanwhile: {exported:N0} lines, {exported / took.TotalSeconds:N0} a second."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Every page within {Goal:0} ms (p95): {(Math.Max(alone, beside) <= Goal ? "met" : "**missed**")}."));
        return Math.Max(alone, beside) <= Goal ? 0 : 1;
    }

    /// <returns>The slowest question's 95th percentile.</returns>
    private static async Task<double> MeasureAsync(LogStage stage, string when)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {when} | p50 | p95 | lines found | went on searching |"));
        Console.WriteLine("|---|---:|---:|---:|---:|");
        var slowest = 0.0;
#pragma warning disable CA5394 // Where a page begins guards nothing.
        var random = new Random(1);
        foreach (var (name, actor, ask) in Questions(stage))
        {
            var (samples, found, unfinished) = (new Samples(), 0, 0);
            for (var round = 0; round < WarmUp + Rounds; round++)
            {
                var query = ask(random);
                LogPage? page = null;
                await (round < WarmUp ? new Samples() : samples).TimeAsync(async () => page = await stage.Log.SearchAsync(actor, query));
                found += round < WarmUp ? 0 : page!.Lines.Count;
                unfinished += round < WarmUp || page!.SearchedTo is null ? 0 : 1;
            }

            slowest = Math.Max(slowest, samples.P95);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {samples.P50:F1} | {samples.P95:F1} | {(double)found / Rounds:F0} | {100 * unfinished / Rounds} % |"));
        }

        Console.WriteLine();
        return slowest;
    }

    private static IEnumerable<(string Name, Actor Actor, Func<Random, LogQuery> Ask)> Questions(LogStage stage)
    {
        var (owner, all) = (stage.Owner, stage.Administrator);
        var month = new LogQuery(From: TimeProvider.System.GetUtcNow() - LogDatabase.Span);
        yield return ("everybody's, first page", all, _ => new LogQuery());
        yield return ("everybody's, a page anywhere", all, random => month with { Before = Anywhere(random) });
        yield return ("everybody's, a page of newer ones", all, random => month with { After = Anywhere(random) });
        yield return ("one account's, first page", owner, _ => new LogQuery());
        yield return ("one account's, a page anywhere", owner, random => month with { Before = Anywhere(random) });
        yield return ("a busy key", all, random => month with { KeyId = 1, Before = Anywhere(random) });
        yield return ("a key used now and then", all, random => RareKey(stage, month, LogDatabase.Keys - random.Next(20)));
        yield return ("a frequent model", all, random => month with { Model = LogDatabase.Model(0), Before = Anywhere(random) });
        yield return ("a model that is rare", all, random => month with { Model = LogDatabase.RareModel, Before = Anywhere(random) });
        yield return ("a model that nobody uses, of one account", owner, _ => month with { Model = "none" });
        yield return ("refused, everybody's", all, random => month with { Outcome = LogOutcome.Failed, Before = Anywhere(random) });
        yield return ("refused, one account's", owner, random => month with { Outcome = LogOutcome.Failed, Before = Anywhere(random) });
        yield return ("one code, one group, one model", all, random => month with { Code = "key_expired", GroupId = 2, Model = LogDatabase.Model(19), Before = Anywhere(random) });
        yield return ("a busy key with a model that is rare", owner, _ => month with { KeyId = 1, Model = LogDatabase.RareModel });
        yield return ("refused by the provider, everybody's", all, _ => month with { Status = 429 });
        yield return ("a request id that is nobody's", all, random => new LogQuery(RequestId: RequestNumber.NewId(Anywhere(random))));
    }

    private static LogQuery RareKey(LogStage stage, LogQuery query, long key) =>
        query with { KeyId = key, AccountId = LogDatabase.AccountOf(key, stage.Owner.AccountId!.Value) };

    private static long Anywhere(Random random) => RequestNumber.FirstAt(TimeProvider.System.GetUtcNow() - (LogDatabase.Span * random.NextDouble() * 0.9));
#pragma warning restore CA5394

    private static async Task<(long Lines, TimeSpan Took)> ExportAsync(LogStage stage, CancellationToken stopping)
    {
        var (lines, since) = (0L, Stopwatch.GetTimestamp());
        try
        {
            // From the beginning again, if it should come to its end.
            while (true)
            {
                await foreach (var some in stage.Log.ExportAsync(stage.Administrator, new LogQuery(From: DateTimeOffset.UnixEpoch), lines => lines, stopping))
                {
                    lines += some.Made.Count;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return (lines, Stopwatch.GetElapsedTime(since));
        }
    }
}
