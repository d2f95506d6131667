using System.Globalization;
using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What a caller is told, in the terms of OpenAI's API, and how each dialect writes it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ShouldRetry">Whether the same request can succeed later without anybody changing anything.</param>
/// <param name="RetryAfter">When it is worth another try; null where waiting does not help, or nobody knows for how long.</param>
public sealed record GatewayError(int Status, string Type, string Code, string Message, bool ShouldRetry, TimeSpan? RetryAfter = null)
{
    private static readonly KeyValuePair<string, string>[] _final = [new("x-should-retry", "false")];

    /// <summary>
    /// The headers that say whether and when to try again. Official clients retry every 429 and 5xx with growing pauses of their own
    /// unless told otherwise, and some of them a 401 too.
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

    /// <summary>The body of the answer, in the shape that clients of OpenAI's API read.</summary>
    /// <param name="param">The member of the request that it is about; null if it is about no single one.</param>
    public byte[] ToJson(string? param) =>
        JsonSerializer.SerializeToUtf8Bytes(new { error = new { message = Message, type = Type, param, code = Code } });

    /// <summary>
    /// The body in the shape that clients of Anthropic's API read. Theirs has a type by status and no code; ours is added, since the
    /// type says less.
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

    /// <summary>Rounded up: who waits as long as told has waited long enough.</summary>
    private static string Rounded(double number) => Math.Max(0, Math.Ceiling(number)).ToString(CultureInfo.InvariantCulture);
}
