namespace NexLlm.Dashboard.Keys.Policy;

internal delegate bool Rule<T>(in T facts);

internal delegate string Words<T>(in T facts, bool passed);

internal delegate TimeSpan? Wait<T>(in T facts);

/// <summary>One check: the verdict when it blocks, the rule, and both outcomes in words.</summary>
internal sealed record Check<T>(Verdict Blocks, Rule<T> Passes, Words<T> Says)
{
    /// <summary>When it may pass without anybody changing anything, where that is known; null for a check that never knows.</summary>
    public Wait<T>? Wait { get; init; }

    public CheckResult Explain(in T facts)
    {
        var passed = Passes(facts);
        return new CheckResult(Blocks, passed, Says(facts, passed), passed ? null : Wait?.Invoke(facts));
    }
}

/// <summary>The outcome of one check.</summary>
/// <param name="Verdict">The gateway's answer when this is the first check that does not pass.</param>
/// <param name="Sentence">For the key's owner; never sent to a caller.</param>
/// <param name="RetryAfter">How long until it may pass, where that is known.</param>
public sealed record CheckResult(Verdict Verdict, bool Passed, string Sentence, TimeSpan? RetryAfter = null);

/// <summary>What the checks decide about a request.</summary>
/// <param name="RetryAfter">When it is worth another try, where a check knows; null leaves it to <see cref="VerdictErrors"/>.</param>
public readonly record struct Decision(Verdict Verdict, TimeSpan? RetryAfter = null)
{
    public static Decision Allowed { get; } = new(Verdict.Allowed);

    public bool IsAllowed => Verdict is Verdict.Allowed;
}
