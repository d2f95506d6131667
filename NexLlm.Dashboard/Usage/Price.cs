using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Usage;

/// <summary>Converts raw tokens to charged ones and back, in integers that can't overflow.</summary>
public static class Price
{
    /// <summary>
    /// ceil(tokens x ratio). Beyond <see cref="TokenQuota.MaxTokens"/> it returns <see cref="long.MaxValue"/>, which fits no
    /// quota.
    /// </summary>
    public static long Of(long inputTokens, long outputTokens, long ratioMillionths)
    {
        var tokens = (Int128)Math.Max(0, inputTokens) + Math.Max(0, outputTokens);
        var charged = ((tokens * ratioMillionths) + (ChannelGroup.RatioOne - 1)) / ChannelGroup.RatioOne;
        return charged > TokenQuota.MaxTokens ? long.MaxValue : (long)charged;
    }

    /// <summary>The maximum raw tokens with a price of at most this many charged tokens.</summary>
    public static long Affordable(long charged, long ratioMillionths) =>
        (long)Int128.Min(long.MaxValue, (Int128)charged * ChannelGroup.RatioOne / ratioMillionths);
}
