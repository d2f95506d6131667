using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The question as it stands in the page's address, so that a refused line of the log can ask it and a link can share it.</summary>
/// <param name="At">Null asks about now.</param>
/// <param name="Api">What is called; null is chat completions.</param>
public sealed record ExplainAddress(string? Model, string? Address, long? Tokens, DateTimeOffset? At, UpstreamApi? Api = null)
{
    /// <summary>It asks about something that happened.</summary>
    public bool IsOfLine => Address is not null && At is not null;

    /// <summary>Asks what the gateway was asked, as far as the log knows.</summary>
    public static ExplainAddress Of(LogEntry line) => new(
        line.Model, line.Address is { } from ? IpRange.Of(from).ToString() : null, line.NeededTokens, line.At, line.Api is UpstreamApi.ChatCompletions ? null : line.Api);

    /// <param name="query">A query string's values by their names.</param>
    public static ExplainAddress Read(Func<string, string?> query) => new(
        QueryText.ReadText(query("model")),
        TryReadAddress(query("address"), out _) ? query("address") : null,
        QueryText.ReadId(query("tokens")),
        DateTimeOffset.TryParse(query("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null,
        UpstreamApis.All.Where(api => api is not UpstreamApi.ChatCompletions).Cast<UpstreamApi?>().FirstOrDefault(api => Called(api!.Value) == query("call")));

    /// <summary>Where programs call it.</summary>
    internal static string Called(UpstreamApi api) => "/v1" + api.Path();

    /// <summary>One address, written as the allowlist takes it: no octal and no short forms, which mean another one elsewhere.</summary>
    internal static bool TryReadAddress(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return IpAllowlist.TryParse(text ?? "", out var ips, out _)
            && ips.Ranges is [{ IsSingleAddress: true } only]
            && IPAddress.TryParse(only.ToString(), out address);
    }

    /// <summary>The page's whole address, relative to the base address.</summary>
    public string Of(long keyId) => PageUrls.Explain(keyId) + new QueryText()
        .Add("model", Model)
        .Add("call", Api is { } api ? Called(api) : null)
        .Add("address", Address)
        .Add("tokens", Tokens)
        .Add("at", At);
}
