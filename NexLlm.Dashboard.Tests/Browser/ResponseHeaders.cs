using Microsoft.Playwright;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What every answer carries, whatever it is the answer to.</summary>
internal static class ResponseHeaders
{
    private static readonly (string Name, string Part)[] _expected =
    [
        ("content-security-policy", "script-src 'self'"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", ""),
    ];

    public static async Task<IReadOnlyList<string>> MissingAsync(IResponse answer)
    {
        var headers = await answer.AllHeadersAsync();
        return
        [
            .. _expected
                .Where(e => !headers.TryGetValue(e.Name, out var value) || !value.Contains(e.Part, StringComparison.Ordinal))
                .Select(e => $"{new Uri(answer.Url).AbsolutePath} has no {e.Name}: {e.Part}"),
            .. headers.TryGetValue("content-security-policy", out var policy) && Scripts(policy).Contains("unsafe", StringComparison.Ordinal)
                ? [$"{new Uri(answer.Url).AbsolutePath} allows unsafe scripts"]
                : Array.Empty<string>(),
        ];
    }

    private static string Scripts(string policy) => Array.Find(policy.Split(';', StringSplitOptions.TrimEntries), d => d.StartsWith("script-src", StringComparison.Ordinal)) ?? "";
}
