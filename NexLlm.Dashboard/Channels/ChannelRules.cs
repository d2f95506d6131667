using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NexLlm.Dashboard.Channels;

/// <summary>
/// The validation rules of channels and groups, for both the configuration and the dashboard. Readers trim their input. Their errors name
/// the problem and the fix, and never repeat a possible secret.
/// </summary>
public static class ChannelRules
{
    public const int MaxModelName = 200;
    public const int MaxModels = 5_000;
    public const int MaxProviderKey = 4_096;
    public const int MaxDescription = 256;
    public const int MaxBaseUrl = 2_000;
    public const int MaxPriority = 1_000_000;
    public const int MaxWeight = 1_000_000;

    /// <summary>Far above any real price, yet small enough that the product with a request's units can't overflow.</summary>
    public const long MaxPrice = 1_000_000_000;

    public static bool TryReadText(string text, int most, out string value, [NotNullWhen(false)] out string? error)
    {
        value = text.Trim();
        error = value.Length > 0 && value.Length <= most && !value.Any(char.IsControl)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Enter 1 to {most} characters on one line.");
        return error is null;
    }

    /// <summary>
    /// Accepts a URL up to and including <c>/v1</c>, without a trailing slash. Private
    /// addresses are allowed because many providers are on the local network.
    /// </summary>
    public static bool TryReadBaseUrl(string text, out string value, [NotNullWhen(false)] out string? error)
    {
        value = text.Trim();
        error = Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && !value.AsSpan().ContainsAny('?', '#') && url.UserInfo.Length == 0 && value.Length <= MaxBaseUrl
            ? null
            : (value.Length == 0 ? "" : $"“{value}” is not a valid base URL. ") + "Enter a URL such as https://api.openai.com/v1, without a query or password.";
        value = value.TrimEnd('/');
        return error is null;
    }

    /// <summary>The key is sent in a header, so only printable ASCII is allowed.</summary>
    public static bool TryReadProviderKey(string text, out string value, [NotNullWhen(false)] out string? error)
    {
        value = text.Trim();
        error = value.Length is > 0 and <= MaxProviderKey && value.All(c => c is > ' ' and <= '~')
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Enter 1 to {MaxProviderKey} ASCII characters without spaces.");
        return error is null;
    }

    /// <summary>Converts to millionths, without rounding.</summary>
    public static bool TryReadRatio(string text, out long value, [NotNullWhen(false)] out string? error)
    {
        value = ChannelGroup.RatioOne;
        error = null;
        if (decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var ratio)
            && ratio is > 0 and <= ChannelGroup.MaxRatio && ratio * ChannelGroup.RatioOne is var millionths && millionths == decimal.Truncate(millionths))
        {
            value = (long)millionths;
            return true;
        }

        error = string.Create(CultureInfo.InvariantCulture, $"“{text}” is not a valid ratio. Enter a number above 0 and up to {ChannelGroup.MaxRatio:N0}, with at most six decimals, such as 0.5.");
        return false;
    }

    public static bool TryReadNumber(string text, int least, int most, out int value, [NotNullWhen(false)] out string? error)
    {
        error = int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"“{text}” is not a whole number from {least} to {most}.");
        return error is null;
    }

    /// <summary>In tokens per unit.</summary>
    public static bool TryReadPrice(string text, out long value, [NotNullWhen(false)] out string? error)
    {
        error = long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= MaxPrice
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"“{text}” is not a price. Enter a whole number of tokens from 0 to {MaxPrice}.");
        return error is null;
    }

    /// <summary>Validates a channel's models as a whole. Returns an error message, or null if they are valid.</summary>
    public static string? WrongModels(IReadOnlyList<ModelSettings> models) =>
        models is [] ? "Add at least one model."
        : models.Count > MaxModels ? string.Create(CultureInfo.InvariantCulture, $"Add at most {MaxModels} models.")
        : models.GroupBy(m => m.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice ? $"“{twice.Key}” is listed twice."
        : null;

    /// <summary>Validates a channel's APIs as a whole. Returns an error message, or null if they are valid.</summary>
    public static string? WrongApis(IReadOnlyList<ApiSettings> apis) =>
        apis is [] ? "Enable at least one API."
        : apis.FirstOrDefault(a => !Enum.IsDefined(a.Api)) is { } unknown ? $"“{unknown.Api}” is not an API."
        : apis.GroupBy(a => a.Api).FirstOrDefault(g => g.Skip(1).Any()) is { } twice ? $"“{twice.Key}” is listed twice."
        : null;

    /// <summary>Compares names case-insensitively, so that no two names look alike.</summary>
    public static bool IsSameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The settings of a model that a channel serves.</summary>
/// <param name="Name">The model ID used by clients.</param>
/// <param name="UpstreamName">The model ID sent to the provider; null if it is the same.</param>
/// <param name="ContextTokens">The context window in tokens; null if unknown.</param>
/// <param name="MaxOutputTokens">The maximum number of output tokens; null if unknown.</param>
/// <param name="Price">What a request is charged if the response reports no tokens; null if no price is set.</param>
public sealed record ModelSettings(string Name, string? UpstreamName = null, int? ContextTokens = null, int? MaxOutputTokens = null, ModelPrice? Price = null);
