using System.Globalization;
using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Benchmarks.Gateway;

/// <summary>Prints what was measured as Markdown, section by section, and at the end what was aimed for.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly List<(string Goal, string Measured, bool Met)> _goals = [];

    public void Begin(Method method, int keys)
    {
        Line($"# The gateway against a bare YARP");
        Line();
        Line($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}.");
        Line($"{method.Rounds} rounds of windows of {method.Window.TotalSeconds:0.#} s in rotating order after {method.WarmUp.TotalSeconds:0.#} s of warm-up each; {keys:N0} keys.");
        Line($"Ratios are medians of those of each round, with their 95 % bootstrap interval. Only they can be compared with another run's.");
    }

    public void Section(string title)
    {
        Line();
        Line($"## {title}");
        Line();
    }

    public void Table(IReadOnlyList<Result> results)
    {
        Line($"| | answers/s | ratio | CPU µs each | ratio | p50 ms | p99 ms | ratio | wrong |");
        Line($"|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var result in results)
        {
            Line($"| {result.Entrant.Name} | {result.Median(w => w.Tally.PerSecond):F0} | {result.Rate} | {result.Median(w => w.CpuMicroseconds):F1} | {result.Cpu} | {result.Median(w => w.Tally.Percentile(0.5)):F2} | {result.Median(w => w.Tally.Percentile(0.99)):F2} | {result.P99} | {result.Wrong} |");
        }

        foreach (var wrong in results.Where(result => result.Wrong > 0))
        {
            Goal("every answer is the expected one", $"{wrong.Wrong:N0} of {wrong.Answers:N0} of “{wrong.Entrant.Name}” were not", met: false);
        }

        Line();
    }

    public void Goal(string goal, FormattableString measured, bool met)
    {
        var text = measured.ToString(CultureInfo.InvariantCulture);
        _goals.Add((goal, text, met));
        Line($"- {(met ? "Met" : "**Missed**")}: {goal}; {text}.");
    }

    /// <returns>Whether all were met.</returns>
    public bool End()
    {
        Section("Goals");
        Line($"| goal | measured | |");
        Line($"|---|---|---|");
        foreach (var (goal, measured, met) in _goals)
        {
            Line($"| {goal} | {measured} | {(met ? "met" : "**missed**")} |");
        }

        return _goals.TrueForAll(goal => goal.Met);
    }

    private void Line(FormattableString? text = null) => output.WriteLine(text?.ToString(CultureInfo.InvariantCulture));
}
