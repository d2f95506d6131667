using System.Net.Http.Headers;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>The content types a provider may choose. Browsers execute none of them.</summary>
internal static class SafeContentTypes
{
    private static readonly string[] _safe = ["text/plain", "text/vtt", "image/png", "image/jpeg", "image/webp", "image/gif"];

    public static string Safe(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed) && parsed.MediaType is { } name
        && (name.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || _safe.Contains(name, StringComparer.OrdinalIgnoreCase))
            ? name.ToLowerInvariant()
            : "application/octet-stream";
}
