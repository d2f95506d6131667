using System.Text.Json;
using System.Text.Unicode;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>Reads a request body once and decides whether the gateway understands it.</summary>
public static class RequestScanner
{
    /// <summary>The maximum characters of a model name.</summary>
    public const int LongestModel = 200;

    internal const int Deepest = 64;

    /// <summary>The APIs with bodies the scanner supports.</summary>
    public static IReadOnlyList<UpstreamApi> Apis { get; } = [.. UpstreamApis.All.Where(Reads)];

    /// <summary>Whether the body is one JSON object that a provider can't interpret differently. Allocates nothing if so.</summary>
    /// <param name="found">Valid only if the result is true.</param>
    /// <param name="error">Set if the result is false.</param>
    public static bool TryScan(UpstreamApi api, ReadOnlySpan<byte> body, out ScannedRequest found, out BodyError? error)
    {
        if (!Reads(api))
        {
            throw new ArgumentOutOfRangeException(nameof(api), api, "This scanner does not know the bodies of this API.");
        }

        found = default;
        // The reader validates the text of strings only on access.
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
