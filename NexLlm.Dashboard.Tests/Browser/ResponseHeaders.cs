using Microsoft.Playwright;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>What every answer carries, whatever it is the answer to.</summary>
internal static class ResponseHeaders
{
    private const string Policy = "content-security-policy";

    /// <summary>Of what programs call: data, which no browser shows.</summary>
    private static readonly (string Name, string Part)[] _expectedOfGateway = [("x-content-type-options", "nosniff"), ("cache-control", "no-store")];

    private static readonly (string Name, string Part)[] _expected =
    [
        (Policy, "default-src 'self'"), (Policy, "script-src 'self'"), (Policy, "frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("cache-control", ""),
    ];

    /// <summary>What is wrong with the headers of an answer, one sentence each.</summary>
    public static IEnumerable<string> FaultsOf(IResponse answer)
    {
        var (path, headers) = (new Uri(answer.Url).AbsolutePath, answer.Headers);
        foreach (var (name, part) in path.StartsWith("/v1/", StringComparison.Ordinal) ? _expectedOfGateway : _expected)
        {
            if (!headers.TryGetValue(name, out var value) || !value.Contains(part, StringComparison.Ordinal))
            {
                yield return $"{path} has no {name}: {part}";
            }
        }

        if (headers.GetValueOrDefault(Policy, "").Split(';').Any(d => d.Contains("script-src") && d.Contains("unsafe")))
        {
            yield return $"{path} allows unsafe scripts";
        }
    }
}
