using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>Reads the body of a request for images, audio or scores, as a form or JSON.</summary>
internal static class MediaScanner
{
    /// <param name="contentType">The header of the request.</param>
    /// <param name="found">The input of routing and <see cref="BodyRewriter"/>; valid only if the result is true.</param>
    /// <param name="media">Null if the result is false.</param>
    /// <param name="error">Null if the result is true.</param>
    public static bool TryScan(
        UpstreamApi api, ReadOnlySpan<byte> body, string? contentType, out ScannedRequest found, out MediaRequest? media, out BodyError? error)
    {
        found = default;
        media = null;
        var use = DialectRegistry.Describe(api).Media!.Form;
        var isForm = FormBoundary.IsForm(contentType);
        if (isForm && use is FormUse.Never)
        {
            error = BodyError.Invalid("This endpoint requires a JSON body. Send 'Content-Type: application/json'.");
        }
        else if (!isForm && use is FormUse.Always)
        {
            error = BodyError.Invalid("This endpoint requires 'multipart/form-data' with the audio in the file field 'file'.");
        }
        else if (!isForm)
        {
            if (RequestScanner.TryScan(api, body, out found, out error))
            {
                media = MediaJsonParser.Of(api, body, ref found, out error);
            }
        }
        else if (MultipartForm.TryRead(body, contentType, out var form, out error))
        {
            media = MediaFormParser.Of(api, form!, body, ref found, out error);
        }

        return error is null;
    }
}
