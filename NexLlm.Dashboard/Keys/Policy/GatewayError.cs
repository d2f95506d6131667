using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What a caller is told, in the terms of OpenAI's API, and how each dialect writes it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ShouldRetry">Whether the same request can succeed later without anybody changing anything.</param>
public sealed record GatewayError(int Status, string Type, string Code, string Message, bool ShouldRetry)
{
    /// <summary>
    /// The header that says whether to try again. Official clients repeat every 429 unless they are told that it is of no use.
    /// </summary>
    public (string Name, string Value)? RetryHeader =>
        ShouldRetry ? ("Retry-After", "1") : Status is 429 ? ("x-should-retry", "false") : null;

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
}
