using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary><c>attacks</c>: what others notice while the server is attacked, and what the attack costs it.</summary>
internal sealed class AttacksCommand : Command
{
    private const double MostMilliseconds = 200;

    private static readonly IAttack[] _attacks = [new UnfinishedBodies(), new ImpossibleCaps()];
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(90);

    private readonly Option<string> _program = new("--program")
    {
        Description = "The built program (NexLlm.Dashboard.dll) to attack, such as that of an older checkout; by default this checkout's.",
        DefaultValueFactory = _ => Path.Combine(
            AppContext.BaseDirectory.Replace("NexLlm.Dashboard.Benchmarks", "NexLlm.Dashboard", StringComparison.Ordinal), "NexLlm.Dashboard.dll"),
    };

    private readonly Option<string[]> _only = new("--only") { Description = "The attacks to make, instead of all.", AllowMultipleArgumentsPerToken = true };

    public AttacksCommand()
        : base("attacks", "Attacks the program on this machine, bounded in number and time, and measures what others notice. A report in Markdown. Linux only.")
    {
        _only.AcceptOnlyFromAmong([.. _attacks.Select(attack => attack.Name)]);
        Options.Add(_program);
        Options.Add(_only);
        SetAction((arguments, cancellation) => RunAsync(arguments.GetRequiredValue(_program), arguments.GetValue(_only) ?? [], cancellation));
    }

    /// <returns>1 if others noticed more than they should.</returns>
    private static async Task<int> RunAsync(string program, string[] only, CancellationToken cancellation)
    {
        Line($"# Attacks");
        Line();
        Line($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}.");
        var met = true;
        foreach (var attack in _attacks.Where(attack => only is [] || only.Contains(attack.Name)))
        {
            met &= await RunAsync(program, attack, cancellation);
        }

        return met ? 0 : 1;
    }

    private static async Task<bool> RunAsync(string program, IAttack attack, CancellationToken cancellation)
    {
        await using var target = await Target.StartAsync(program, attack.Settings);
        var address = new Uri(target.Server.Address);
        await MeasureAsync(target, address, Task.Delay(_quiet, cancellation));
        var before = target.Server.ResidentMegabytes;
        var quiet = await MeasureAsync(target, address, Task.Delay(_quiet, cancellation));
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(_longest);
        var cpu = target.Server.Cpu;
        var since = Stopwatch.GetTimestamp();
        var attacking = attack.RunAsync(target, bounded.Token);
        var (during, peak) = await MeasureAsync(target, address, attacking);
        var took = Stopwatch.GetElapsedTime(since);
        cpu = target.Server.HasEnded ? TimeSpan.Zero : target.Server.Cpu - cpu;
        var after = await MeasureAsync(target, address, Task.Delay(_quiet, cancellation));

        Line();
        Line($"## {attack.Description}");
        Line();
        Line($"Answers: {await attacking}, in {took.TotalSeconds:F1} s. CPU {cpu.TotalSeconds:F1} s. Memory before {before:F0} MB, at most {peak:F0} MB, afterwards {(target.Server.HasEnded ? 0 : target.Server.ResidentMegabytes):F0} MB.{(target.Server.HasEnded ? " **The process ended.**" : "")}");
        Line();
        Line($"| | n | p50 ms | p99 ms | slowest ms |");
        Line($"|---|---:|---:|---:|---:|");
        Rows("before", quiet.Bystanders);
        Rows("during", during);
        Rows("afterwards", after.Bystanders);
        var noticed = during.Results().Max(result => result.P99);
        var met = noticed < MostMilliseconds && during.Failed == 0 && after.Bystanders.Failed == 0;
        Line();
        Line($"{(met ? "Met" : "**Missed**")}: others' p99 below {MostMilliseconds} ms and no failures; {noticed:F0} ms, {during.Failed} failed during the attack and {after.Bystanders.Failed} afterwards.");
        return met;
    }

    private static async Task<(Bystanders Bystanders, double PeakMegabytes)> MeasureAsync(Target target, Uri address, Task during)
    {
        var bystanders = new Bystanders(address, target.Bystander);
        using var over = new CancellationTokenSource();
        var asking = bystanders.RunAsync(over.Token);
        var peak = 0.0;
        while (!during.IsCompleted)
        {
            peak = Math.Max(peak, target.Server.HasEnded ? 0 : target.Server.ResidentMegabytes);
            await Task.WhenAny(during, Task.Delay(TimeSpan.FromMilliseconds(50)));
        }

        await over.CancelAsync();
        await asking;
        return (bystanders, peak);
    }

    private static void Rows(string when, Bystanders bystanders)
    {
        foreach (var (name, count, median, p99, slowest) in bystanders.Results())
        {
            Line($"| {name}, {when} | {count} | {median:F1} | {p99:F1} | {slowest:F1} |");
        }
    }

    private static void Line(FormattableString? text = null) => Console.Out.WriteLine(text?.ToString(CultureInfo.InvariantCulture));
}
