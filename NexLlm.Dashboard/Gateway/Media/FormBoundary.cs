using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>The boundary between the fields of a form.</summary>
internal static class FormBoundary
{
    private const int Longest = 70;

    /// <summary>The characters allowed by RFC 2046, except the space.</summary>
    private static readonly SearchValues<char> _allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'()+_,-./:=?");

    public static bool IsForm(string? contentType) =>
        contentType is not null && contentType.AsSpan().TrimStart().StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The boundary in the header; null if it is missing, repeated, or open to different interpretations.</summary>
    public static string? Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var named = type.Parameters.Where(p => p.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase)).ToList();
        return named is [var only] && HeaderUtilities.RemoveQuotes(only.Value).ToString() is { Length: > 0 and <= Longest } boundary
            && !boundary.AsSpan().ContainsAnyExcept(_allowed)
            ? boundary
            : null;
    }

    public static string ContentType(string boundary) => $"multipart/form-data; boundary={boundary}";

    /// <summary>Creates a random boundary, so that no sender can include it in a value.</summary>
    public static string Create() => $"nexllm-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
}
