using System.Globalization;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>Requests in progress besides the one that is asked about, and how many there may be with it.</summary>
public readonly record struct Concurrency(int InProgress, int Limit);

public readonly record struct ConcurrencyFacts(Concurrency Key, Concurrency Account)
{
    /// <summary>For a key that does not exist yet: nothing is in progress.</summary>
    public static ConcurrencyFacts Idle { get; } = new(new(0, int.MaxValue), new(0, int.MaxValue));
}

/// <summary>How many requests run at once. Nobody knows when one of them ends, so neither check names a wait.</summary>
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
