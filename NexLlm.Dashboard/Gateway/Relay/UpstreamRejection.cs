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
    public static async Task PassAsync(DispatchedRequest request, ProviderError error, ReadOnlyMemory<byte> body)
    {
        var bytes = Fits(request, error, body.Span) ? body : Written(request, error);
        var response = request.Call.Http.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        // The same request would be rejected again.
        response.Headers["x-should-retry"] = "false";
        await response.BodyWriter.WriteAsync(bytes);
    }

    /// <summary>The same rejection as a <c>Rejection</c>, for use after a response has begun.</summary>
    public static Rejection ToRefusal(DispatchedRequest request, ProviderError error) => new(
        new GatewayError(error.Status, error.Type ?? DefaultType, error.Code ?? "invalid_request", Message(request, error), ShouldRetry: false), error.Param);

    /// <summary>Whether the body can be passed on unchanged: it uses the client's dialect and contains no secrets.</summary>
    private static bool Fits(DispatchedRequest request, ProviderError error, ReadOnlySpan<byte> body) =>
        error.Dialect == request.Call.Dialect && !ProviderKeyRedaction.IsIn(body, request.Channel.ProviderKey);

    private static byte[] Written(DispatchedRequest request, ProviderError error) => request.Call.Dialect.ErrorBody(ToRefusal(request, error), request.Call.RequestId);

    private static string Message(DispatchedRequest request, ProviderError error) =>
        ProviderKeyRedaction.Hide(error.Message, request.Channel.ProviderKey) ?? $"The provider rejected the request with status {error.Status}.";
}
