namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>How many tokens may be spent. Numbers that cannot be right (below zero) never enlarge what is left.</summary>
/// <param name="Limit">In charged tokens; null is unlimited.</param>
/// <param name="Used">Charged so far; may pass the limit when an upstream made more than it was allowed to.</param>
/// <param name="Reserved">Held by requests in flight.</param>
public readonly partial record struct TokenQuota(long? Limit, long Used, long Reserved = 0)
{
    /// <summary>The largest limit and the largest request, small enough that sums of them stay far from overflowing.</summary>
    public const long MaxTokens = 1_000_000_000_000_000;

    /// <summary>What is not used yet, reserved or not; null when unlimited.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, Math.Max(0, limit) - Math.Max(0, Used)) : null;

    /// <summary>What is neither used nor reserved; null when unlimited.</summary>
    public long? Available => Remaining is { } remaining ? Math.Max(0, remaining - Math.Max(0, Reserved)) : null;

    public bool IsExhausted => Remaining is 0;

    /// <summary>What part of the limit is used, 0 to 1; null when unlimited.</summary>
    public double? UsedFraction =>
        Limit is { } limit ? limit <= 0 ? 1 : Math.Clamp((double)Used / limit, 0, 1) : null;

    /// <summary>Whether a request may reserve this much now. Every request needs at least one token.</summary>
    public bool Fits(long tokens) => Fits(tokens, Available);

    /// <summary>The same once all requests in flight have given back what they hold and charged nothing.</summary>
    public bool FitsWithoutReservations(long tokens) => Fits(tokens, Remaining);

    private static bool Fits(long tokens, long? room) =>
        tokens is >= 0 and <= MaxTokens && (room is null || Math.Max(1, tokens) <= room);
}
