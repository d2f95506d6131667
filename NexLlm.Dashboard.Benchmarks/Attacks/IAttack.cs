namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>One way to take a server's time or memory from others, bounded in number and time.</summary>
internal interface IAttack
{
    /// <summary>On the command line.</summary>
    string Name { get; }

    /// <summary>In the report.</summary>
    string Description { get; }

    /// <summary>How the server is started, beside the usual.</summary>
    IReadOnlyList<KeyValuePair<string, string?>> Settings { get; }

    /// <summary>Whether it needs nothing but keys, and no limiter remembers it: it is rehearsed, so that the code it runs is compiled, and made on a bare server too.</summary>
    bool NeedsOnlyKeys => false;

    /// <summary>What the attack needs before it begins, which is not measured.</summary>
    Task PrepareAsync(Target target) => Task.CompletedTask;

    /// <summary>Returns when the attack is over, and what became of its requests.</summary>
    Task<string> RunAsync(Target target, CancellationToken cancellation);
}
