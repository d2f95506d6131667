using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Explains why a provider couldn't be queried, for the person who entered its base URL. Never repeats any part of the response.</summary>
internal static class ProbeMessages
{
    public static string NotJson(Uri address) => $"{Place(address)} didn't return JSON. Check the base URL.";

    public static string NotModels(Uri address) => $"{Place(address)} didn't return a model list. Check the base URL.";

    public static string BrokenOff(Uri address) => $"The model list from {address.Authority} was cut off or is too large.";

    public static string Silent(Uri address, TimeSpan limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.Authority} didn't respond within {limit.TotalSeconds:0} seconds.");

    public static string Unreachable(Uri address) => $"Couldn't reach {address.Authority} (timeout or no route).";

    public static string Of(HttpRequestException failure, Uri address) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"Couldn't resolve {address.Host}. Check the spelling.",
        HttpRequestError.ConnectionError when failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"{address.Authority} refused the connection. Check the host and port.",
        HttpRequestError.ConnectionError => Unreachable(address),
        HttpRequestError.SecureConnectionError when failure.InnerException is AuthenticationException =>
            $"Couldn't connect securely to {address.Authority}. Its certificate isn't trusted, or it doesn't support HTTPS.",
        HttpRequestError.SecureConnectionError => $"Couldn't connect securely to {address.Authority}.",
        HttpRequestError.InvalidResponse => $"{address.Authority} didn't respond with HTTP. It may require https.",
        _ => BrokenOff(address),
    };

    public static string Of(HttpResponseMessage response, Uri address, bool hadKey) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized when !hadKey => "The provider requires a key (401). Enter one.",
        HttpStatusCode.Unauthorized => "The provider key was rejected (401).",
        HttpStatusCode.Forbidden when !hadKey => "The provider requires a key to list models (403).",
        HttpStatusCode.Forbidden => "The provider key isn't allowed to list models (403).",
        HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => NotThere(response, address),
        HttpStatusCode.TooManyRequests => "The provider is rate limiting this key (429). Try again later.",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Elsewhere(response),
        >= HttpStatusCode.InternalServerError => $"The provider returned a server error ({Code(response)}).",
        _ => $"The provider rejected the request ({Code(response)}).",
    };

    public static string NoApi(Uri address, HttpStatusCode status) => $"No API at {Place(address)} ({(int)status}). Check the base URL.";

    public static string KeyRejected(HttpStatusCode status, bool hadKey) => hadKey
        ? $"The provider key was rejected ({(int)status})."
        : $"The provider requires a key ({(int)status}). Enter one.";

    public static string Failing(HttpStatusCode status) => $"The provider returned a server error ({(int)status}).";

    private static string NotThere(HttpResponseMessage response, Uri address) =>
        $"No model list at {Place(address)} ({Code(response)}). "
        + (address.AbsolutePath == "/models" ? "Is /v1 missing at the end of the base URL?" : "Check the base URL.");

    /// <summary>Shows only the host of the redirect target, because the target is provider-supplied text.</summary>
    private static string Elsewhere(HttpResponseMessage response) =>
        $"The provider redirects to another URL ({Code(response)}). Redirects are not followed, to protect the provider key. "
        + (response.Headers.Location is { IsAbsoluteUri: true } to ? $"Enter the URL at {to.Host}." : "Enter the final URL.");

    private static string Place(Uri address) => $"{address.Authority}{address.AbsolutePath}";

    private static string Code(HttpResponseMessage response) => ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
}
