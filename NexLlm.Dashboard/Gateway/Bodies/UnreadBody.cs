using Microsoft.AspNetCore.Http.Features;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>
/// The rest of a rejected request's body. The server reads and drops it for up to five seconds: closing the connection
/// immediately would reset it, and the client could lose the response.
/// </summary>
internal static class UnreadBody
{
    /// <summary>Sending this much costs a client less than opening a new connection.</summary>
    private const long WorthSending = 64 * 1_024;

    /// <summary>Tells the client to stop sending, and lets the server drop whatever still arrives. Call it before the response starts.</summary>
    public static void Drop(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return;
        }

        Unlimit(http);
        // HTTP/2 and HTTP/3 end the stream instead.
        if (http.Request.ContentLength is not <= WorthSending && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            http.Response.Headers.Connection = "close";
        }
    }

    /// <summary>The server's own limit resets the connection; the gateway's limits answer.</summary>
    public static void Unlimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most)
        {
            most.MaxRequestBodySize = null;
        }
    }
}
