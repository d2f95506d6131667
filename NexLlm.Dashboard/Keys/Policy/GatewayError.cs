using System.Globalization;
using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The error sent to a client, in the terms of OpenAI's API, with its format in each dialect.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ShouldRetry">Whether the same request can succeed later without any change.</param>
/// <param name="RetryAfter">When to retry; null if waiting doesn't help or the time is unknown.</param>
public sealed record GatewayError(int Status, string Type, string Code, string Message, bool ShouldRetry, TimeSpan? RetryAfter = null)
{
    private static readonly KeyValuePair<string, string>[] _final = [new("x-should-retry", "false")];

    /// <summary>
    /// The headers that say whether and when to retry. Unless told otherwise, official clients retry every 429 and 5xx with
    /// increasing delays, and some also retry a 401.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> RetryHeaders => (ShouldRetry, RetryAfter) switch
    {
        (false, _) => _final,
        (true, { } wait) =>
        [
            new("Retry-After", Rounded(wait.TotalSeconds)),
            new("retry-after-ms", Rounded(wait.TotalMilliseconds)),
        ],
        (true, null) => [],
    };

    /// <summary>The body of the response in the format of OpenAI's API.</summary>
    /// <param name="param">The request field it refers to; null if there is no single one.</param>
    public byte[] ToJson(string? param) =>
        JsonSerializer.SerializeToUtf8Bytes(new { error = new { message = Message, type = Type, param, code = Code } });

    /// <summary>
    /// The body in the format of Anthropic's API. It has a type per status and no code; NexLLM's code is added, because the type
    /// is less specific.
    /// </summary>
    public byte[] ToAnthropicJson(string requestId) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "error",
        error = new { type = AnthropicType, message = Message, code = Code },
        request_id = requestId,
    });

    private string AnthropicType => Status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    /// <summary>Rounded up, so that a client that waits as told has waited long enough.</summary>
    private static string Rounded(double number) => Math.Max(0, Math.Ceiling(number)).ToString(CultureInfo.InvariantCulture);
}
