using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The access check's question as part of the page's URL, so that a rejected log line and a shared link can open it.</summary>
/// <param name="At">Null for now.</param>
/// <param name="Api">The API; null for chat completions.</param>
public sealed record ExplainAddress(string? Model, string? Address, long? Tokens, DateTimeOffset? At, UpstreamApi? Api = null)
{
    /// <summary>Whether it refers to a past request.</summary>
    public bool IsOfLine => Address is not null && At is not null;

    /// <summary>The question for a logged request, as far as the log knows it.</summary>
    public static ExplainAddress Of(LogEntry line) => new(
        line.Model, line.Address is { } from ? IpRange.Of(from).ToString() : null, line.NeededTokens, line.At, line.Api is UpstreamApi.ChatCompletions ? null : line.Api);

    /// <param name="query">Returns a query string's value by name.</param>
    public static ExplainAddress Read(Func<string, string?> query) => new(
        QueryText.ReadText(query("model")),
        TryReadAddress(query("address"), out _) ? query("address") : null,
        QueryText.ReadId(query("tokens")),
        DateTimeOffset.TryParse(query("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null,
        UpstreamApis.All.Where(api => api is not UpstreamApi.ChatCompletions).Cast<UpstreamApi?>().FirstOrDefault(api => Called(api!.Value) == query("call")));

    /// <summary>The path clients call.</summary>
    internal static string Called(UpstreamApi api) => "/v1" + api.Path();

    /// <summary>Parses one address in the allowlist's notation, without octal or short forms, which mean other addresses elsewhere.</summary>
    internal static bool TryReadAddress(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return IpAllowlist.TryParse(text ?? "", out var ips, out _)
            && ips.Ranges is [{ IsSingleAddress: true } only]
            && IPAddress.TryParse(only.ToString(), out address);
    }

    /// <summary>The page's full URL, relative to the base address.</summary>
    public string Of(long keyId) => PageUrls.Explain(keyId) + new QueryText()
        .Add("model", Model)
        .Add("call", Api is { } api ? Called(api) : null)
        .Add("address", Address)
        .Add("tokens", Tokens)
        .Add("at", At);
}
