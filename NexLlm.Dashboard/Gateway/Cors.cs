using System.Buffers;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Gateway;

/// <summary>
/// Lets pages of other origins call the gateway, and nothing else. Credentials are not allowed, so browsers send no cookies, and
/// a page can do no more than the API key it sends.
/// </summary>
internal sealed class Cors(IOptions<GatewayOptions> options)
{
    private const string Methods = "GET, HEAD, POST";
    private const string Exposed = "x-request-id, request-id, retry-after, retry-after-ms, x-should-retry, x-token-count";

    // Two hours, the longest that browsers cache a preflight response.
    private const string Seconds = "7200";

    private const string AnyHeader = "Authorization, *";
    private const int LongestRequested = 2_048;

    private static readonly SearchValues<char> _names =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`|~, ");

    private readonly bool _any = options.Value.CorsOrigins is [GatewayOptions.AnyOrigin];
    private readonly HashSet<string> _origins = new(options.Value.CorsOrigins, StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the CORS headers to the response, whatever it will be.</summary>
    /// <returns>True if the request was a preflight, which is now answered.</returns>
    public bool Answers(HttpContext http)
    {
        if (http.Request.Headers.Origin is not [{ } origin])
        {
            return false;
        }

        var headers = http.Response.Headers;
        var isPreflight = HttpMethods.IsOptions(http.Request.Method) && http.Request.Headers.AccessControlRequestMethod.Count > 0;
        if (!_any)
        {
            headers.Vary = "Origin";
        }

        if (_any || _origins.Contains(origin))
        {
            headers.AccessControlAllowOrigin = _any ? GatewayOptions.AnyOrigin : origin;
            if (isPreflight)
            {
                headers.AccessControlAllowMethods = Methods;
                headers.AccessControlAllowHeaders = Requested(http.Request.Headers.AccessControlRequestHeaders.ToString());
                headers.AccessControlMaxAge = Seconds;
            }
            else
            {
                headers.AccessControlExposeHeaders = Exposed;
            }
        }

        if (isPreflight)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }

        return isPreflight;
    }

    /// <summary>Any header may be sent, since the gateway uses only a few.</summary>
    private static string Requested(string names) =>
        names.Length is 0 or > LongestRequested || names.AsSpan().ContainsAnyExcept(_names) ? AnyHeader : names;
}
