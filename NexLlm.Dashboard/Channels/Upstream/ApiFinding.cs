using System.Globalization;
using System.Net;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>The result of testing one API of a provider.</summary>
/// <param name="IsOffered">Whether the provider offers the API; null if inconclusive.</param>
/// <param name="Words">The result, worded for people.</param>
public sealed record ApiFinding(UpstreamApi Api, bool? IsOffered, string Words)
{
    public static ApiFinding Offered(UpstreamApi api) => new(api, true, "Available");

    /// <param name="status">The response status of an unparsable request to the API; null if there was no response.</param>
    /// <param name="nowhere">The response status of the same request to a path that exists on no server.</param>
    internal static ApiFinding Of(UpstreamApi api, HttpStatusCode? status, HttpStatusCode? nowhere) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone or HttpStatusCode.NotImplemented => new(api, false, "Not available"),
        HttpStatusCode.BadRequest or HttpStatusCode.LengthRequired or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity =>
            nowhere is null ? Untold(api, "no answer to compare with")
            : nowhere == status ? Untold(api, $"the provider answers {Code(status)} at every address")
            : Offered(api),
        null => Untold(api, "no answer"),
        HttpStatusCode.Unauthorized => Untold(api, "the provider rejects the key here (401)"),
        HttpStatusCode.Forbidden => Untold(api, "the provider key lacks permission (403)"),
        HttpStatusCode.PaymentRequired => Untold(api, "the provider account has no credit (402)"),
        HttpStatusCode.TooManyRequests => Untold(api, "the provider limits requests right now (429)"),
        < HttpStatusCode.MultipleChoices => Untold(api, $"the provider accepts a request it should reject ({Code(status)})"),
        < HttpStatusCode.BadRequest => Untold(api, $"the provider redirects to another address ({Code(status)})"),
        _ => Untold(api, $"the provider answers {Code(status)}"),
    };

    private static ApiFinding Untold(UpstreamApi api, string why) => new(api, null, $"Couldn't tell: {why}");

    private static string Code(HttpStatusCode? status) => ((int)status!).ToString(CultureInfo.InvariantCulture);
}
