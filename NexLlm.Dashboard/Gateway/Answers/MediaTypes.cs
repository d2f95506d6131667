using System.Net.Http.Headers;

namespace NexLlm.Dashboard.Gateway.Answers;

/// <summary>The content types that an upstream may choose. None of them is run by a browser.</summary>
internal static class MediaTypes
{
    public static string Safe(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed) && parsed.MediaType is { } name
        && (name.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || name.Equals("text/plain", StringComparison.OrdinalIgnoreCase) || name.Equals("text/vtt", StringComparison.OrdinalIgnoreCase))
            ? name.ToLowerInvariant()
            : "application/octet-stream";
}
