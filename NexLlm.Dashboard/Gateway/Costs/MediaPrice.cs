using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Costs;

/// <summary>The cost of a request by its model's price, in tokens before the group's ratio.</summary>
internal static class MediaPrice
{
    private const int Thousand = 1_000;

    /// <param name="seconds">The length of the audio; null if unknown.</param>
    /// <returns>Null if the price uses a unit this request doesn't have, or an unknown amount.</returns>
    public static long? Of(ModelPrice? price, MediaApi api, MediaRequest asked, long? seconds)
    {
        if (price is null || (price.Unit is not PriceUnit.Request && price.Unit != api.Unit))
        {
            return null;
        }

        return price.Unit switch
        {
            PriceUnit.Request => price.Tokens,
            PriceUnit.Image => Times(asked.Answers, price.Tokens, per: 1),
            PriceUnit.ThousandCharacters => Times(asked.Characters, price.Tokens, Thousand),
            PriceUnit.Second => seconds is { } known ? Times(Math.Max(1, known), price.Tokens, per: 1) : null,
        };
    }

    /// <summary>The maximum length of recordings of this size, in seconds; null if they are referenced by URL.</summary>
    public static long? MostSeconds(MediaRequest asked, GatewayOptions options) =>
        asked.HasUnknownPart ? null : (asked.AudioBytes + options.MinAudioBytesPerSecond - 1) / options.MinAudioBytesPerSecond;

    private static long Times(long quantity, long tokens, int per)
    {
        var sum = (((Int128)quantity * tokens) + (per - 1)) / per;
        // Slightly more than any quota, so it never fits.
        return (long)Int128.Min(sum, TokenQuota.MaxTokens + 1);
    }
}
