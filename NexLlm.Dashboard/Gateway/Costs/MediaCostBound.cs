using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Gateway.Costs;

/// <summary>
/// The maximum cost of a request for images, audio or scores: by the model's price, by the tokens a provider could report, or the
/// larger of both if either may apply.
/// </summary>
internal static class MediaCostBound
{
    /// <returns>Null if a channel that may answer has neither a price nor limits that bound its tokens.</returns>
    public static CostBound? Of(UpstreamApi called, MediaRequest asked, ModelRoutes routes, GatewayOptions options)
    {
        var api = DialectRegistry.Describe(called).Media!;
        var tokens = ByTokens(api, asked, routes, options);
        var seconds = MediaPrice.MostSeconds(asked, options);
        long dearest = 0;
        foreach (var target in routes.Targets)
        {
            if (!target.Channel.Speaks(called))
            {
                continue;
            }

            if (MediaPrice.Of(target.Price, api, asked, seconds) is { } price)
            {
                dearest = Math.Max(dearest, price);
            }
            else if (tokens is null)
            {
                return null;
            }
        }

        return tokens is not { } bound ? new CostBound(dearest, Cap: 0, Answers: 0)
            : bound with { Prompt = Math.Max(bound.Prompt, dearest - bound.Output) };
    }

    /// <summary>Explains why a key or account with a quota can't send this request, and who can change that.</summary>
    public static string Unknown(UpstreamApi called, string model) =>
        $"The cost of '{model}' at this endpoint is not configured, so keys and accounts with a quota cannot use it. Ask an administrator to set the model's "
        + $"price per {UnitName(DialectRegistry.Describe(called).Media!)} or per request in its channel, or its context window and output limit if the provider reports tokens.";

    private static string UnitName(MediaApi api) => api.Unit switch
    {
        PriceUnit.Image => "image",
        PriceUnit.Second => "second",
        PriceUnit.ThousandCharacters => "1,000 characters",
        PriceUnit.Request => "request",
    };

    /// <summary>
    /// Text has no more tokens than bytes, and scores cost only their text. Images and audio are bounded only by the model's
    /// limits.
    /// </summary>
    private static CostBound? ByTokens(MediaApi api, MediaRequest asked, ModelRoutes routes, GatewayOptions options)
    {
        var window = routes.ContextTokens * asked.Texts;
        var most = routes.LargestOutputTokens ?? routes.ContextTokens;
        var hasRecording = asked.AudioBytes > 0 || asked.HasUnknownPart;
        var input = hasRecording ? window : Math.Min(CostBound.FixedOverhead + asked.TextBytes + ((long)asked.Images * options.ImageTokens), window ?? long.MaxValue);
        return api.Makes is MediaOutput.Scores ? new CostBound(input!.Value, Cap: 0, Answers: 0)
            : input is { } sent && most is { } cap ? new CostBound(sent, cap, asked.Answers)
            : null;
    }
}
