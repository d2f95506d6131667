using System.Text.Json;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>Writes a refusal in the shape that the client's library reads: OpenAI's, or Anthropic's at its own address.</summary>
internal static class GatewayErrors
{
    private const string ShouldRetryHeader = "x-should-retry";

    public static Task WriteAsync(GatewayCall call, Refusal refusal)
    {
        var response = call.Http.Response;
        var error = refusal.Error;
        call.Error = error;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.ShouldRetry)
        {
            response.Headers.RetryAfter = "1";
        }
        else if (error.Status is StatusCodes.Status429TooManyRequests)
        {
            // Official clients repeat every 429 unless they are told that it is of no use.
            response.Headers[ShouldRetryHeader] = "false";
        }

        GatewayTelemetry.Refused(call, error);
        var body = Body(call, refusal);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }

    /// <summary>The last event of a stream that cannot be finished.</summary>
    public static byte[] LastEvent(GatewayCall call, Refusal refusal)
    {
        byte[] prefix = call.IsAnthropic ? [.. "event: error\ndata: "u8] : [.. "data: "u8];
        return [.. prefix, .. Body(call, refusal), .. "\n\n"u8];
    }

    private static byte[] Body(GatewayCall call, Refusal refusal) =>
        call.IsAnthropic ? Anthropic(call.RequestId, refusal.Error) : refusal.OpenAIBody;

    /// <summary>Anthropic's has a type by status and no code; ours is added, since the type says less.</summary>
    private static byte[] Anthropic(string requestId, GatewayError error) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "error",
        error = new { type = AnthropicType(error.Status), message = error.Message, code = error.Code },
        request_id = requestId,
    });

    private static string AnthropicType(int status) => status switch
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
