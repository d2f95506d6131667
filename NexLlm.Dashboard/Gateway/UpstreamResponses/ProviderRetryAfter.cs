using System.Globalization;
using System.Net.Http.Headers;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>Reads the retry time given by a provider.</summary>
internal static class ProviderRetryAfter
{
    /// <summary>Longer times are mistakes or refer to a daily limit.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <param name="milliseconds">The more precise <c>retry-after-ms</c> header.</param>
    /// <param name="retryAfter">Seconds or a date.</param>
    /// <returns>Null if neither can be parsed.</returns>
    public static TimeSpan? Of(string? milliseconds, string? retryAfter, DateTimeOffset now)
    {
        var wait = Number(milliseconds) is { } exact ? TimeSpan.FromMilliseconds(exact)
            : Number(retryAfter) is { } seconds ? TimeSpan.FromSeconds(seconds)
            : RetryConditionHeaderValue.TryParse(retryAfter, out var date) && date.Date is { } at ? at - now
            : (TimeSpan?)null;
        return wait is null ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > _longest ? _longest : wait;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
        && number < 1e9 ? number : null;
}
