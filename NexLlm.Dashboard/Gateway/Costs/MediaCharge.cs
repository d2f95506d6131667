using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Gateway.Media;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Gateway.Costs;

/// <summary>
/// The charge of a request for images, audio or scores: the tokens reported by the provider, otherwise the model's price,
/// otherwise an estimate. A key or account with a quota gets the estimate only if the model's limits bound it.
/// </summary>
internal static class MediaCharge
{
    /// <summary>More than any model reads or writes; larger figures are errors.</summary>
    private const long MostTokens = 1_000_000_000;

    /// <summary>A typical image on a typical model.</summary>
    private const int TokensOfImage = 1_000;

    /// <summary>Bytes per token of the text in a form, which is short.</summary>
    private const int BytesOfWord = 4;

    /// <summary>Bytes per token of a 128 kbit/s recording. Models that read audio produce about ten tokens per second.</summary>
    private const int BytesOfSound = 1_600;

    /// <param name="asked">With <see cref="MediaRequest.MostSeconds"/> set.</param>
    /// <param name="price">The price at the channel that answered; null if it has none.</param>
    /// <returns>Null if neither the response nor the price determines the charge.</returns>
    public static Settlement? Known(MediaApi api, MediaRequest asked, ModelPrice? price, ResponseReader answer)
    {
        if (Plausible(answer.InputTokens) is { } input && Plausible(answer.OutputTokens) is { } output && input + output > 0)
        {
            return new Settlement(input, output, UsageSource.Upstream);
        }

        return MediaPrice.Of(price, api, asked, answer.Seconds ?? asked.MostSeconds) is not { } priced ? null
            : api.Makes is MediaOutput.Images or MediaOutput.Audio ? new Settlement(0, priced, UsageSource.Priced)
            : new Settlement(priced, 0, UsageSource.Priced);
    }

    /// <param name="textTokens">The tokens of the text in a JSON body.</param>
    public static Settlement Estimated(MediaApi api, MediaRequest asked, long textTokens, ResponseReader answer, TokenCounter tokens) =>
        new(Math.Max(1, Input(asked, textTokens)), Output(api, asked, answer, tokens), UsageSource.Counted);

    private static long? Plausible(long? reported) => reported is >= 0 and <= MostTokens ? reported : null;

    private static long Input(MediaRequest asked, long textTokens) =>
        (asked.Form is null ? textTokens : asked.TextBytes / BytesOfWord) + ((long)asked.Images * TokensOfImage) + (asked.AudioBytes / BytesOfSound);

    private static long Output(MediaApi api, MediaRequest asked, ResponseReader answer, TokenCounter tokens) => api.Makes switch
    {
        MediaOutput.Images => asked.Answers * TokensOfImage,
        // Speech has about as many tokens as its text has characters.
        MediaOutput.Audio => asked.Characters,
        MediaOutput.Text => answer.CountText(tokens),
        MediaOutput.Scores => 0,
    };
}
