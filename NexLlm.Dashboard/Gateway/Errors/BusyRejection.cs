using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Errors;

/// <summary>The errors for requests that exceed the available memory or processor time.</summary>
internal static class BusyRejection
{
    /// <param name="whose">The account or the IP address.</param>
    /// <param name="wait">The time until capacity is expected.</param>
    public static Rejection ShareTaken(string whose, TimeSpan wait) => new(VerdictErrors.For(Verdict.TooManyRequests) with
    {
        Message = $"Requests in progress from this {whose} use all the memory available to it. Retry after some have finished.",
        RetryAfter = wait,
    });

    /// <param name="wait">The time until capacity is expected.</param>
    public static Rejection ServerBusy(TimeSpan wait) => new(new GatewayError(503, "server_error", "server_busy",
        "The gateway is busy with other large requests. Retry later.", ShouldRetry: true, wait));
}
