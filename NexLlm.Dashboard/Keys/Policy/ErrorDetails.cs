using System.Globalization;
using System.Text;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The messages of errors that name a value of the request: the model, the address or the tokens.</summary>
internal static class ErrorDetails
{
    /// <summary>No configured model has a longer name.</summary>
    private const int LongestModel = 100;

    /// <summary>A credential in the wrong field is not echoed.</summary>
    private const string Secret = "sk-";

    /// <returns>Null if the general message is sufficient.</returns>
    public static string? Message(Verdict verdict, in RejectedRequest asked) => verdict switch
    {
        Verdict.IpNotAuthorized when asked.Address is { } address =>
            $"Requests from your IP address ({IpRange.Of(address)}) are not allowed for this API key.",
        Verdict.ModelNotFound when Printable(asked.Model) is { } model =>
            $"The model '{model}' does not exist or you do not have access to it. See GET /v1/models.",
        Verdict.ModelNotAllowed when Printable(asked.Model) is { } model =>
            $"This API key is not allowed to use the model '{model}'. See GET /v1/models.",
        Verdict.WrongEndpoint when Printable(asked.Model) is { } model && asked.Endpoints is { } endpoints =>
            $"The model '{model}' is not available at this URL. Use {endpoints}.",
        Verdict.InsufficientQuota when asked.Quota is { } quota => Quota("this key", quota.Key, asked.Tokens),
        Verdict.InsufficientAccountQuota when asked.Quota is { } quota => Quota("the account", quota.Account, asked.Tokens),
        _ => null,
    };

    private static string Quota(string whose, TokenQuota quota, long tokens) =>
        tokens > TokenQuota.MaxTokens ? $"Insufficient quota: this request needs more than {Number(TokenQuota.MaxTokens)} tokens."
        : quota.Remaining is { } left ? $"Insufficient quota: this request needs up to {Tokens(tokens)}, {whose} has {Number(left)} left."
        : $"Insufficient quota: this request needs up to {Tokens(tokens)}.";

    private static string Tokens(long tokens) => tokens == 1 ? "1 token" : $"{Number(tokens)} tokens";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The name if it can be printed on a terminal; null if it contains a secret or invisible characters, or is too long.</summary>
    private static string? Printable(string? model) =>
        model is { Length: > 0 and <= LongestModel } && !model.Contains(Secret, StringComparison.OrdinalIgnoreCase)
            && model.EnumerateRunes().All(rune => rune != Rune.ReplacementChar && !IsInvisible(Rune.GetUnicodeCategory(rune)))
            ? model : null;

    private static bool IsInvisible(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
