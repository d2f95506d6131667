namespace NexLlm.Dashboard.Channels;

/// <summary>The charge of a request to a model when the provider's response reports no tokens.</summary>
/// <param name="Unit">The unit that is counted.</param>
/// <param name="Tokens">The tokens per unit, before the group's ratio; at least 0.</param>
public sealed record ModelPrice(PriceUnit Unit, long Tokens);

/// <summary>The unit of a price. Stored by name.</summary>
public enum PriceUnit
{
    Request,
    Image,

    /// <summary>One second of audio.</summary>
    Second,

    /// <summary>1,000 characters of text.</summary>
    ThousandCharacters,
}
