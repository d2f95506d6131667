using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary><c>attacks</c>: what others notice while the server is attacked, and what the attack costs it.</summary>
internal sealed class AttacksCommand : Command
{
    private const double MostMilliseconds = 200;
    private const int MostSecondsToSettle = 30;

    private static readonly IAttack[] _attacks = [new CombiningMarks(), new UnfinishedBodies(), new ImpossibleCaps(), new BareSockets()];
    private static readonly TimeSpan _rehearsal = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(0.4);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);

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
        var people = await People.ComeAsync(new Uri(target.Server.Address));
        await attack.PrepareAsync(target);
        await SettleAsync(attack, target, people, cancellation);
        var before = target.Server.ResidentMegabytes;
        var quiet = await MeasureAsync(target, people, Task.Delay(_quiet, cancellation));
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(_longest);
        var cpu = CpuOf(target);
        var since = Stopwatch.GetTimestamp();
        var attacking = Task.Run(() => attack.RunAsync(target, bounded.Token), CancellationToken.None);
        var (during, peak) = await MeasureAsync(target, people, attacking);
        var took = Stopwatch.GetElapsedTime(since);
        cpu = CpuOf(target) - cpu;
        var cpuAfterwards = CpuOf(target);
        var after = await MeasureAsync(target, people, Task.Delay(_quiet, cancellation));
        cpuAfterwards = CpuOf(target) - cpuAfterwards;

        Line();
        Line($"## {attack.Description}");
        Line();
        Line($"Answers: {await attacking}, in {took.TotalSeconds:F1} s. CPU {cpu.TotalSeconds:F1} s, and {cpuAfterwards.TotalSeconds:F1} s in the {_quiet.TotalSeconds:F0} s afterwards. Memory before {before:F0} MB, at most {peak:F0} MB, afterwards {(target.Server.HasEnded ? 0 : target.Server.ResidentMegabytes):F0} MB.{(target.Server.HasEnded ? " **The process ended.**" : "")}");
        Line();
        Line($"| | answers | failed | p50 ms | p99 ms | slowest ms |");
        Line($"|---|---:|---:|---:|---:|---:|");
        Rows("before", quiet.Bystanders);
        Rows("during", during);
        Rows("afterwards", after.Bystanders);
        if (attack.NeedsOnlyKeys)
        {
            Rows("during, on a bare Kestrel", await OnBareServerAsync(attack, cancellation));
        }

        var noticed = during.Results().Max(result => result.P99);
        var met = noticed < MostMilliseconds && during.Failed == 0 && after.Bystanders.Failed == 0;
        Line();
        Line($"{(met ? "Met" : "**Missed**")}: others' p99 below {MostMilliseconds} ms and no failures; {noticed:F0} ms, {during.Failed} failed during the attack and {after.Bystanders.Failed} afterwards.");
        return met;
    }

    /// <summary>What the machine itself allows: the attackers send the same to a server that does nothing.</summary>
    private static async Task<Bystanders> OnBareServerAsync(IAttack attack, CancellationToken cancellation)
    {
        await using var bare = await Target.StartBareAsync(attack.Settings);
        await SettleAsync(attack, bare, People.Anybody, cancellation);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(_longest);
        return (await MeasureAsync(bare, People.Anybody, Task.Run(() => attack.RunAsync(bare, bounded.Token), CancellationToken.None))).Bystanders;
    }

    private static async Task SettleAsync(IAttack attack, Target target, People people, CancellationToken cancellation)
    {
        if (attack.NeedsOnlyKeys)
        {
            using var rehearsal = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            rehearsal.CancelAfter(_rehearsal);
            await attack.RunAsync(target, rehearsal.Token);
        }

        await MeasureAsync(target, people, SettleAsync(target, cancellation));
    }

    private static async Task<(Bystanders Bystanders, double PeakMegabytes)> MeasureAsync(Target target, People people, Task during)
    {
        var bystanders = new Bystanders(new Uri(target.Server.Address), target.Bystander, people);
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

    /// <summary>A program that just started compiles its own code for a while, which takes a processor as an attack would.</summary>
    private static async Task SettleAsync(Target target, CancellationToken cancellation)
    {
        for (var second = 0; second < MostSecondsToSettle; second++)
        {
            var cpu = CpuOf(target);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            if (second >= _quiet.TotalSeconds && CpuOf(target) - cpu < _settled)
            {
                return;
            }
        }
    }

    private static TimeSpan CpuOf(Target target) => target.Server.HasEnded ? TimeSpan.Zero : target.Server.Cpu;

    private static void Rows(string when, Bystanders bystanders)
    {
        foreach (var result in bystanders.Results())
        {
            Line($"| {result.Name}, {when} | {result.Count - result.Failed} | {result.Failed} | {result.Median:F1} | {result.P99:F1} | {result.Slowest:F1} |");
        }
    }

    private static void Line(FormattableString? text = null) => Console.Out.WriteLine(text?.ToString(CultureInfo.InvariantCulture));
}
