using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>What sets one of these APIs apart from those that make text. One row an API.</summary>
/// <param name="Form">Whether its body is a form.</param>
/// <param name="Unit">What it can be priced by, besides the request.</param>
/// <param name="Makes">What its answers consist of.</param>
internal sealed record MediaApi(FormUse Form, PriceUnit Unit, MediaOutput Makes)
{
    private static readonly MediaApi _images = new(FormUse.Never, PriceUnit.Image, MediaOutput.Images);
    private static readonly MediaApi _edits = new(FormUse.Optional, PriceUnit.Image, MediaOutput.Images);
    private static readonly MediaApi _speech = new(FormUse.Never, PriceUnit.ThousandCharacters, MediaOutput.Audio);
    private static readonly MediaApi _hearing = new(FormUse.Always, PriceUnit.Second, MediaOutput.Text);
    private static readonly MediaApi _judging = new(FormUse.Never, PriceUnit.ThousandCharacters, MediaOutput.Scores);

    /// <summary>Null for the APIs that make text or embeddings, which need nothing of this.</summary>
    public static MediaApi? Of(UpstreamApi api) => api switch
    {
        UpstreamApi.ImageGenerations => _images,
        UpstreamApi.ImageEdits => _edits,
        UpstreamApi.Speech => _speech,
        UpstreamApi.Transcriptions or UpstreamApi.Translations => _hearing,
        UpstreamApi.Moderations or UpstreamApi.Rerank => _judging,
        _ => null,
    };
}

internal enum FormUse
{
    Never,
    Optional,
    Always,
}

internal enum MediaOutput
{
    Images,
    Audio,
    Text,

    /// <summary>Judgements of the text that was sent: nothing is made, so that text is all that costs.</summary>
    Scores,
}
