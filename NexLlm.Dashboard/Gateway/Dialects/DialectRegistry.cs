using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects.Anthropic;
using NexLlm.Dashboard.Gateway.Dialects.OpenAI;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>The dialects that the gateway speaks. Every API belongs to exactly one of them, or nothing starts.</summary>
internal static class DialectRegistry
{
    /// <summary>The first that recognises a request or an error is taken for its dialect. OpenAI's is last: it is what everybody else speaks.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [new AnthropicDialect(), new OpenAIDialect()];

    private static readonly ApiDescriptor[] _apis =
        [.. UpstreamApis.All.Select(api => All.SelectMany(dialect => dialect.Apis).Single(described => described.Api == api))];

    private static readonly Dialect[] _dialects =
        [.. UpstreamApis.All.Select(api => All.Single(dialect => dialect.Apis.Any(described => described.Api == api)))];

    public static ApiDescriptor Describe(UpstreamApi api) => _apis[(int)api];

    public static Dialect Of(UpstreamApi api) => _dialects[(int)api];

    /// <summary>Of a request to an address that belongs to no API.</summary>
    public static Dialect Of(HttpRequest request) => All.First(dialect => dialect.Sent(request));

    /// <summary>Of an error that an upstream reports.</summary>
    public static Dialect Of(JsonElement error) => All.First(dialect => dialect.Wrote(error));
}
