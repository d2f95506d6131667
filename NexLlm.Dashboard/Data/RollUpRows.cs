using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Data;

// Keys and sums of the roll-up, as plain numbers whose meaning is the ledger's business. Instants are Unix milliseconds.

/// <summary>Which row of <c>UsageQuarters</c>.</summary>
internal readonly record struct QuarterKey(long Quarter, long KeyId, long GroupId, string Model, long AccountId);

/// <summary>Which row of <c>ModelUsage</c>.</summary>
internal readonly record struct ModelUsageKey(int Period, long Start, long AccountId, string Model);

/// <summary>Which row of <c>KeyUsage</c>.</summary>
internal readonly record struct KeyUsageKey(int Period, long Start, long AccountId, long KeyId);

/// <summary>The sums that are added to such a row, or read from it.</summary>
/// <param name="CountedRequests">Only <c>UsageQuarters</c> keeps it.</param>
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
