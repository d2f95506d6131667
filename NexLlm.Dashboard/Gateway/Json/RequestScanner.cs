using System.Text.Json;
using System.Text.Unicode;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>Reads a request's body once, and decides with that whether it is one that this gateway understands.</summary>
public static class RequestScanner
{
    /// <summary>The most characters of a model's name.</summary>
    public const int LongestModel = 200;

    internal const int Deepest = 64;

    /// <summary>The APIs whose bodies it understands.</summary>
    public static IReadOnlyList<UpstreamApi> Apis { get; } = [.. UpstreamApis.All.Where(Reads)];

    /// <summary>
    /// Whether the body is one JSON object that an upstream cannot read otherwise than it was read here. Allocates
    /// nothing when it is.
    /// </summary>
    /// <param name="found">Set when the answer is true; otherwise of no use.</param>
    /// <param name="error">Set when the answer is false.</param>
    public static bool TryScan(UpstreamApi api, ReadOnlySpan<byte> body, out ScannedRequest found, out BodyError? error)
    {
        if (!Reads(api))
        {
            throw new ArgumentOutOfRangeException(nameof(api), api, "This scanner does not know the bodies of this API.");
        }

        found = default;
        // The reader looks at the text of strings only when it is asked for it.
        if (!Utf8.IsValid(body))
        {
            error = BodyError.Invalid("The request body must be JSON in UTF-8.");
            return false;
        }

        var scan = new RequestParser(DialectRegistry.Describe(api), body, stackalloc ulong[128], ref found);
        try
        {
            return scan.Run(out error);
        }
        catch (JsonException wrong)
        {
            error = BodyError.Invalid(
                $"The request body is not one valid JSON object of at most {Deepest} levels. See line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}.");
            return false;
        }
        finally
        {
            scan.Dispose();
        }
    }

    private static bool Reads(UpstreamApi api) =>
        DialectRegistry.Describe(api).Media?.Form is not FormUse.Always;
}
