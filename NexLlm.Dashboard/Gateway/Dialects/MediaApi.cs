using NexLlm.Dashboard.Channels;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>What is special about an API for images, audio or scores.</summary>
/// <param name="Form">Whether its body is a form.</param>
/// <param name="Unit">What it can be priced by, besides the request.</param>
/// <param name="Makes">What its answers consist of.</param>
internal sealed record MediaApi(FormUse Form, PriceUnit Unit, MediaOutput Makes);

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
