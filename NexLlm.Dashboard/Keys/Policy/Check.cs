namespace NexLlm.Dashboard.Keys.Policy;

internal delegate bool Rule<T>(in T facts);

internal delegate string Words<T>(in T facts, bool passed);

internal delegate TimeSpan? Wait<T>(in T facts);

/// <summary>One check: the verdict if it blocks, the rule, and both outcomes in words.</summary>
internal sealed record Check<T>(Verdict Blocks, Rule<T> Passes, Words<T> Says)
{
    /// <summary>The time until the check may pass by itself; null for a check that never knows.</summary>
    public Wait<T>? Wait { get; init; }

    public CheckResult Explain(in T facts)
    {
        var passed = Passes(facts);
        return new CheckResult(Blocks, passed, Says(facts, passed), passed ? null : Wait?.Invoke(facts));
    }
}

/// <summary>The outcome of one check.</summary>
/// <param name="Verdict">The gateway's response if this is the first failed check.</param>
/// <param name="Sentence">For the key's owner; never sent to a client.</param>
/// <param name="RetryAfter">The time until it may pass, if known.</param>
public sealed record CheckResult(Verdict Verdict, bool Passed, string Sentence, TimeSpan? RetryAfter = null);

/// <summary>The decision of the checks about a request.</summary>
/// <param name="RetryAfter">When to retry, if a check knows; null leaves it to <see cref="VerdictErrors"/>.</param>
public readonly record struct Decision(Verdict Verdict, TimeSpan? RetryAfter = null)
{
    public static Decision Allowed { get; } = new(Verdict.Allowed);

    public bool IsAllowed => Verdict is Verdict.Allowed;
}
