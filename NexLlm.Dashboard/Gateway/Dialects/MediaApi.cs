using NexLlm.Dashboard.Channels;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>The specifics of an API for images, audio or scores.</summary>
/// <param name="Form">Whether its body is a form.</param>
/// <param name="Unit">The unit it can be priced by, besides requests.</param>
/// <param name="Makes">What its responses contain.</param>
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

    /// <summary>Scores of the submitted text. Nothing is generated, so only the text costs tokens.</summary>
    Scores,
}
