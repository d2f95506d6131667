using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Why an upstream could not be asked, for the person who entered its address. Nothing that it answered is repeated.</summary>
internal static class ProbeWords
{
    public static string NotJson(Uri address) => $"What answers at {Place(address)} is not JSON, so it is hardly a list of models. Is the base URL right?";

    public static string NotModels(Uri address) => $"What answers at {Place(address)} is JSON, but no list of models. Is the base URL right?";

    public static string BrokenOff(Uri address) => $"The answer of {address.Authority} broke off in the middle, or is too long for a list of models.";

    public static string Silent(Uri address, TimeSpan limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.Authority} did not answer within {limit.TotalSeconds:0} seconds.");

    public static string Unreachable(Uri address) => $"{address.Authority} cannot be reached: no way leads there, or nothing answered in time.";

    public static string Of(HttpRequestException failure, Uri address) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"The name {address.Host} cannot be resolved. Is it spelt right?",
        HttpRequestError.ConnectionError when failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"{address.Authority} refused the connection: nothing listens there.",
        HttpRequestError.ConnectionError => Unreachable(address),
        HttpRequestError.SecureConnectionError when failure.InnerException is AuthenticationException =>
            $"No secure connection to {address.Authority}: its certificate is not trusted here, or it does not speak https.",
        HttpRequestError.SecureConnectionError => $"No secure connection to {address.Authority}.",
        HttpRequestError.InvalidResponse => $"What answers at {address.Authority} does not speak HTTP, or speaks https.",
        _ => BrokenOff(address),
    };

    public static string Of(HttpResponseMessage response, Uri address, bool hadKey) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized when !hadKey => "The upstream asks for a provider key (401). Enter one.",
        HttpStatusCode.Unauthorized => "The provider key is not accepted (401).",
        HttpStatusCode.Forbidden when !hadKey => "The upstream refuses to list its models without a provider key (403).",
        HttpStatusCode.Forbidden => "The provider key may not list models (403).",
        HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => NotThere(response, address),
        HttpStatusCode.TooManyRequests => "The upstream takes no more requests from this key at the moment (429).",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Elsewhere(response),
        >= HttpStatusCode.InternalServerError => $"The upstream itself failed ({Code(response)}).",
        _ => $"The upstream refused the question ({Code(response)}).",
    };

    private static string NotThere(HttpResponseMessage response, Uri address) =>
        $"There is no list of models at {Place(address)} ({Code(response)}). "
        + (address.AbsolutePath == "/models" ? "Is /v1 missing at the end of the base URL?" : "Is the base URL right?");

    /// <summary>Of the address only the host: it is the upstream's word.</summary>
    private static string Elsewhere(HttpResponseMessage response) =>
        $"The upstream sends to another address ({Code(response)}), which is never followed, or the provider key would go there too. "
        + (response.Headers.Location is { IsAbsoluteUri: true } to ? $"Enter the one that is meant, at {to.Host}." : "Enter the one that is meant.");

    private static string Place(Uri address) => $"{address.Authority}{address.AbsolutePath}";

    private static string Code(HttpResponseMessage response) => ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
}
