using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Costs;

/// <summary>What a request comes to by the price of its model, in tokens before the group's ratio.</summary>
internal static class MediaPrice
{
    private const int Thousand = 1_000;

    /// <param name="seconds">Of audio; null if they are not known.</param>
    /// <returns>Null if the price counts what this request does not have, or what is not known.</returns>
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

    /// <summary>The most seconds that recordings of this size can last, unless they are at an address.</summary>
    public static long? MostSeconds(MediaRequest asked, GatewayOptions options) =>
        asked.HasUnknownPart ? null : (asked.AudioBytes + options.MinAudioBytesPerSecond - 1) / options.MinAudioBytesPerSecond;

    private static long Times(long quantity, long tokens, int per)
    {
        var sum = (((Int128)quantity * tokens) + (per - 1)) / per;
        // A little more than any quota, so that it fits none.
        return (long)Int128.Min(sum, TokenQuota.MaxTokens + 1);
    }
}
