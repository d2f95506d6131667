namespace NexLlm.Dashboard.Channels;

/// <summary>What a request to a model is charged when the upstream's answer reports no tokens.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Tokens">For each unit, before the group's ratio; at least 0.</param>
public sealed record ModelPrice(PriceUnit Unit, long Tokens);

/// <summary>What a price counts. Stored by name.</summary>
public enum PriceUnit
{
    Request,
    Image,

    /// <summary>A second of audio.</summary>
    Second,

    /// <summary>1,000 characters of text.</summary>
    ThousandCharacters,
}
