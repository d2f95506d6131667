using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Data;

// Keys and sums of the roll-up tables, in plain numbers that only the ledger interprets. Instants are Unix milliseconds.

/// <summary>The primary key of <c>UsageQuarters</c>.</summary>
internal readonly record struct QuarterKey(long Quarter, long KeyId, long GroupId, string Model, long AccountId);

/// <summary>The primary key of <c>ModelUsage</c>.</summary>
internal readonly record struct ModelUsageKey(int Period, long Start, long AccountId, string Model);

/// <summary>The primary key of <c>KeyUsage</c>.</summary>
internal readonly record struct KeyUsageKey(int Period, long Start, long AccountId, long KeyId);

/// <summary>The sums added to or read from a roll-up row.</summary>
/// <param name="CountedRequests">Stored only in <c>UsageQuarters</c>.</param>
internal readonly record struct UsageSums(long Requests, long InputTokens, long OutputTokens, long ChargedTokens, long CountedRequests = 0)
{
    public static UsageSums operator +(in UsageSums a, in UsageSums b) => new(
        a.Requests + b.Requests, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens,
        a.ChargedTokens + b.ChargedTokens, a.CountedRequests + b.CountedRequests);

    public static UsageSums operator -(in UsageSums a, in UsageSums b) => new(
        a.Requests - b.Requests, a.InputTokens - b.InputTokens, a.OutputTokens - b.OutputTokens,
        a.ChargedTokens - b.ChargedTokens, a.CountedRequests - b.CountedRequests);
}

internal static class UsageSumsByKey
{
    public static void AddTo<T>(this Dictionary<T, UsageSums> all, T of, in UsageSums sums)
        where T : notnull
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(all, of, out _);
        sum += sums;
    }
}
