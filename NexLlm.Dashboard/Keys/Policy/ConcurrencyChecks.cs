using System.Globalization;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The requests in progress besides the checked one, and the limit including it.</summary>
public readonly record struct Concurrency(int InProgress, int Limit);

public readonly record struct ConcurrencyFacts(Concurrency Key, Concurrency Account)
{
    /// <summary>For a key that doesn't exist yet, which has no requests in progress.</summary>
    public static ConcurrencyFacts Idle { get; } = new(new(0, int.MaxValue), new(0, int.MaxValue));
}

/// <summary>Limits concurrent requests. It is unknown when one of them will end, so neither check gives a retry time.</summary>
internal static class ConcurrencyChecks
{
    public static readonly Check<ConcurrencyFacts> OfKey = new(Verdict.TooManyRequests,
        (in facts) => IsFree(facts.Key),
        (in facts, passed) => Says("key", facts.Key, passed));

    public static readonly Check<ConcurrencyFacts> OfAccount = new(Verdict.TooManyAccountRequests,
        (in facts) => IsFree(facts.Account),
        (in facts, passed) => Says("account", facts.Account, passed));

    private static bool IsFree(in Concurrency concurrency) => concurrency.InProgress < concurrency.Limit;

    private static string Says(string whose, in Concurrency concurrency, bool passed) => passed
        ? string.Create(CultureInfo.InvariantCulture, $"The {whose} has {concurrency.InProgress:N0} of {concurrency.Limit:N0} concurrent requests in progress.")
        : string.Create(CultureInfo.InvariantCulture, $"The {whose} is at its limit of {concurrency.Limit:N0} concurrent requests.");
}
