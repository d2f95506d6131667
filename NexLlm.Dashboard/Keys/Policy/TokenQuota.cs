namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>A limit on charged tokens. Invalid numbers (below zero) never increase the remainder.</summary>
/// <param name="Limit">In charged tokens; null if unlimited.</param>
/// <param name="Used">Charged so far; can exceed the limit if a provider generated more than allowed.</param>
/// <param name="Reserved">Held by requests in progress.</param>
public readonly partial record struct TokenQuota(long? Limit, long Used, long Reserved = 0)
{
    /// <summary>The largest limit and the largest request, small enough that sums of them can't overflow.</summary>
    public const long MaxTokens = 1_000_000_000_000_000;

    /// <summary>The unused tokens, reserved or not; null if unlimited.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, Math.Max(0, limit) - Math.Max(0, Used)) : null;

    /// <summary>The tokens neither used nor reserved; null if unlimited.</summary>
    public long? Available => Remaining is { } remaining ? Math.Max(0, remaining - Math.Max(0, Reserved)) : null;

    public bool IsExhausted => Remaining is 0;

    /// <summary>The used part of the limit, 0 to 1; null if unlimited.</summary>
    public double? UsedFraction =>
        Limit is { } limit ? limit <= 0 ? 1 : Math.Clamp((double)Used / limit, 0, 1) : null;

    /// <summary>Whether a request can reserve this much now. Every request needs at least one token.</summary>
    public bool Fits(long tokens) => Fits(tokens, Available);

    /// <summary>The same, as if all requests in progress had released their reservations without a charge.</summary>
    public bool FitsWithoutReservations(long tokens) => Fits(tokens, Remaining);

    private static bool Fits(long tokens, long? room) =>
        tokens is >= 0 and <= MaxTokens && (room is null || Math.Max(1, tokens) <= room);
}
