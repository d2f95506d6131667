using System.Globalization;
using System.Net.Http.Headers;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>How long a provider says to wait.</summary>
internal static class ProviderRetryAfter
{
    /// <summary>Whoever names more is mistaken, or means a day's limit.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <param name="milliseconds">The header <c>retry-after-ms</c>, which is the more exact.</param>
    /// <param name="retryAfter">Seconds, or a date.</param>
    /// <returns>Null if it says nothing that can be read.</returns>
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
