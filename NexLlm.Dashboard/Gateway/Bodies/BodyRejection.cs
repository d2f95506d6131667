using System.Globalization;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>The errors for a body that is not read or not processed.</summary>
internal static class BodyRejection
{
    public static Rejection Incomplete { get; } = new(new GatewayError(400, "invalid_request_error", "invalid_request",
        "The request body ended early. Send all of it.", ShouldRetry: false));

    public static Rejection TooSlow { get; } = new(new GatewayError(408, "invalid_request_error", "request_timeout",
        "The request body arrived too slowly. Send it faster, or send less.", ShouldRetry: true));

    public static Rejection UnsupportedEncoding { get; } = new(new GatewayError(415, "invalid_request_error", "unsupported_content_encoding",
        $"'Content-Encoding' is not supported. Use one of {ContentEncodings.Accepted}, or send the body uncompressed.", ShouldRetry: false));

    public static Rejection Damaged(string encoding) => new(new GatewayError(400, "invalid_request_error", "invalid_request",
        $"The request body is not valid {encoding}. Check 'Content-Encoding', or send the body uncompressed.", ShouldRetry: false));

    public static Rejection TooLarge(long limit) => Rejection.For(
        Verdict.RequestTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"The request body exceeds the limit of {limit:N0} bytes, counted uncompressed. Send less."),
        null);
}
