using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Receiving;

namespace NexLlm.Dashboard.Gateway.Requests;

/// <summary>Writes errors in the client's dialect.</summary>
internal static class GatewayErrors
{
    public static Task WriteAsync(GatewayRequest call, Rejection refusal)
    {
        var response = call.Http.Response;
        var error = refusal.Error;
        call.Error = error;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        foreach (var (name, value) in error.RetryHeaders)
        {
            response.Headers[name] = value;
        }

        if (!call.IsBodyRead)
        {
            BodyDrain.Announce(call.Http);
        }

        var body = call.Dialect.ErrorBody(refusal, call.RequestId);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }

    /// <summary>The last event of a stream that can't be completed.</summary>
    public static byte[] LastEvent(GatewayRequest call, Rejection refusal) =>
        [.. call.Dialect.ErrorEventPrefix, .. call.Dialect.ErrorBody(refusal, call.RequestId), .. "\n\n"u8];
}
