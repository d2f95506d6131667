namespace NexLlm.Dashboard.Keys.Policy;

internal delegate bool Rule<T>(in T facts);

internal delegate string Words<T>(in T facts, bool passed);

/// <summary>One check: the verdict when it blocks, the rule, and both outcomes in words.</summary>
internal sealed record Check<T>(Verdict Blocks, Rule<T> Passes, Words<T> Says)
{
    /// <summary>The first blocker in order, or null. Allocates nothing.</summary>
    public static Verdict? FirstBlocker(ReadOnlySpan<Check<T>> checks, in T facts)
    {
        foreach (var check in checks)
        {
            if (!check.Passes(facts))
                return check.Blocks;
        }

        return null;
    }

    public CheckResult Explain(in T facts)
    {
        var passed = Passes(facts);
        return new CheckResult(Blocks, passed, Says(facts, passed));
    }
}
