using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.UpstreamResponses;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Passes on a provider's rejection of a request in its own words, in the format of the client's dialect.</summary>
internal static class UpstreamRejection
{
    private const string DefaultType = "invalid_request_error";

    /// <param name="body">The provider's response body.</param>
    public static async Task PassAsync(GatewayRequest call, ProviderError error, ReadOnlyMemory<byte> body)
    {
        var bytes = Fits(call, error, body.Span) ? body : Written(call, error);
        var response = call.Http.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        // The same request would be rejected again.
        response.Headers["x-should-retry"] = "false";
        await response.BodyWriter.WriteAsync(bytes);
    }

    /// <summary>The same rejection as a <c>Refusal</c>, for use after a response has begun.</summary>
    public static Refusal ToRefusal(GatewayRequest call, ProviderError error) => new(
        new GatewayError(error.Status, error.Type ?? DefaultType, error.Code ?? "invalid_request", Message(call, error), ShouldRetry: false), error.Param);

    /// <summary>Whether the body can be passed on unchanged: it uses the client's dialect and contains no secrets.</summary>
    private static bool Fits(GatewayRequest call, ProviderError error, ReadOnlySpan<byte> body) =>
        error.Dialect == call.Dialect && !SecretMask.IsIn(body, call.Channel!.ProviderKey);

    private static byte[] Written(GatewayRequest call, ProviderError error) => call.Dialect.ErrorBody(ToRefusal(call, error), call.RequestId);

    private static string Message(GatewayRequest call, ProviderError error) =>
        SecretMask.Hide(error.Message, call.Channel!.ProviderKey) ?? $"The provider rejected the request with status {error.Status}.";
}
