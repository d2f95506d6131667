using System.Collections.Frozen;
using NexLlm.Dashboard.Gateway.Errors;

namespace NexLlm.Dashboard.Gateway;

/// <summary>
/// URLs called by mistake: with an extra slash, without <c>/v1</c>, with a second one, or in another provider's format. The error
/// names the correct URL.
/// </summary>
internal sealed class UnknownUrlErrors
{
    private const string Root = "/v1";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _roots = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "v1", "v2", "v1alpha", "v1beta", "v1beta1", "openai", "anthropic", "engines", "chat", "completions", "embeddings", "responses", "messages",
        "models", "images", "audio", "moderations", "rerank", "realtime").GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly List<(string Tail, string Address, Rejection Rejection)> _known;
    private readonly Rejection _gemini, _realtime, _unknown;

    /// <param name="served">The methods and paths, relative to <c>/v1</c>.</param>
    public UnknownUrlErrors(IEnumerable<(string Method, string Path)> served)
    {
        var addresses = served.ToList();
        // Longest first, because /chat/completions also ends with /completions.
        _known = [.. addresses.OrderByDescending(address => address.Path.Length).Select(address =>
            (address.Path[Root.Length..], address.Path, Rejection.UnknownAddress($"Unknown URL. Use {address.Method} {address.Path}.")))];
        var list = string.Join(", ", addresses.GroupBy(address => address.Method)
            .Select(group => $"{group.Key} {string.Join(", ", group.Select(address => address.Path))}"));
        _unknown = Rejection.UnknownAddress($"Unknown URL. This gateway serves {list}.");
        _gemini = Rejection.UnknownAddress(
            "The Gemini API is not supported. Use the OpenAI API (POST /v1/chat/completions) or the Anthropic API (POST /v1/messages).");
        _realtime = Rejection.UnknownAddress("The Realtime API is not supported. Use POST /v1/chat/completions or /v1/responses with \"stream\": true.");
    }

    /// <summary>Whether the request probably came from a program rather than a person.</summary>
    public static bool IsOfProgram(PathString path)
    {
        var rest = path.Value.AsSpan().TrimStart('/');
        // The dashboard has pages below /api, but no API.
        rest = rest.StartsWith("api/v1/", StringComparison.OrdinalIgnoreCase) ? rest["api/".Length..] : rest;
        var end = rest.IndexOf('/');
        return _roots.Contains(end < 0 ? rest : rest[..end]);
    }

    /// <summary>The error, with the correct URL if there is one.</summary>
    public Rejection For(PathString path)
    {
        var segments = (path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var address = "/" + string.Join('/', segments);
        foreach (var (tail, _, refusal) in _known)
        {
            if (address.EndsWith(tail, StringComparison.OrdinalIgnoreCase))
            {
                return refusal;
            }
        }

        return address.Contains(":generateContent", StringComparison.OrdinalIgnoreCase)
            || address.Contains(":streamGenerateContent", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("/v1alpha", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("/v1beta", StringComparison.OrdinalIgnoreCase) ? _gemini
            : address.EndsWith("/realtime", StringComparison.OrdinalIgnoreCase)
            || address.Contains("/realtime/", StringComparison.OrdinalIgnoreCase) ? _realtime
            : _unknown;
    }
}
