using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway;

/// <summary>One of those who take turns.</summary>
/// <param name="Load">What is measured.</param>
/// <param name="Beside">What else goes on at the same server, in the same windows; null for nothing.</param>
internal sealed record Entrant(string Name, Server Server, Load Load, Load? Beside = null);

/// <summary>What an entrant did in one window.</summary>
/// <param name="Cpu">What its server used in it.</param>
internal sealed record Window(Tally Tally, Tally? Beside, TimeSpan Cpu, long FileReads)
{
    public int Answers => Tally.Answers + (Beside?.Answers ?? 0);

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Answers;

    /// <summary>Calls to read from files, each answer's part of them.</summary>
    public double FileReadsEach => (double)FileReads / Answers;
}

/// <summary>How long things are measured.</summary>
internal sealed record Method(int Rounds, TimeSpan Window, TimeSpan WarmUp);

/// <summary>
/// Entrants take turns in short windows, in an order that rotates from round to round. A slow moment of the machine meets
/// all of a round alike, so only what was measured in the same round is compared.
/// </summary>
internal static class Contest
{
    /// <summary>The first entrant is what the others are compared with.</summary>
    public static IReadOnlyList<Result> Run(Method method, params IReadOnlyList<Entrant> entrants)
    {
        var generators = entrants.Select(entrant => new LoadGenerator(
            entrant.Server.EndPoint, entrant.Beside is { } beside ? [entrant.Load, beside] : [entrant.Load])).ToList();
        var windows = entrants.Select(_ => new List<Window>()).ToList();
        foreach (var generator in generators)
        {
            generator.Run(method.WarmUp);
        }

        for (var round = 0; round < method.Rounds; round++)
        {
            for (var turn = 0; turn < entrants.Count; turn++)
            {
                var who = (round + turn) % entrants.Count;
                windows[who].Add(Measure(entrants[who].Server, generators[who], method.Window));
            }
        }

        generators.ForEach(generator => generator.Dispose());
        return [.. entrants.Select((entrant, index) => new Result(entrant, windows[index], windows[0]))];
    }

    private static Window Measure(Server server, LoadGenerator generator, TimeSpan length)
    {
        var (cpu, reads) = (server.Cpu, server.FileReads);
        var tallies = generator.Run(length);
        return new Window(tallies[0], tallies.ElementAtOrDefault(1), server.Cpu - cpu, server.FileReads - reads);
    }
}
