using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Extensions;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Explain;

/// <summary>The question as it stands in the page's address, so that a refused line of the log can ask it and a link can share it.</summary>
/// <param name="At">Null asks about now.</param>
public sealed record ExplainAddress(string? Model, string? Address, long? Tokens, DateTimeOffset? At)
{
    public static ExplainAddress Read(string? model, string? address, string? tokens, string? at) => new(
        string.IsNullOrWhiteSpace(model) ? null : model,
        TryReadAddress(address, out _) ? address : null,
        long.TryParse(tokens, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null);

    /// <summary>One address, written as the allowlist takes it: no octal and no short forms, which mean another one elsewhere.</summary>
    internal static bool TryReadAddress(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return IpAllowlist.TryParse(text ?? "", out var ips, out _)
            && ips.Ranges is [{ IsSingleAddress: true } only]
            && IPAddress.TryParse(only.ToString(), out address);
    }

    /// <summary>The page's whole address, relative to the base address.</summary>
    public string Of(long keyId)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in new[]
        {
            ("model", Model),
            ("address", Address),
            ("tokens", Tokens?.ToString(CultureInfo.InvariantCulture)),
            ("at", At?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
        })
        {
            if (value is not null)
            {
                query.Add(name, value);
            }
        }

        return PageUrls.Explain(keyId) + query;
    }
}
