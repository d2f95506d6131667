using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects.Anthropic;
using NexLlm.Dashboard.Gateway.Dialects.OpenAI;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>The supported dialects. Startup fails unless every API belongs to exactly one of them.</summary>
internal static class DialectRegistry
{
    /// <summary>The first dialect that recognizes a request or an error is used. OpenAI is last, because other providers follow its format.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [new AnthropicDialect(), new OpenAIDialect()];

    private static readonly ApiDescriptor[] _apis =
        [.. UpstreamApis.All.Select(api => All.SelectMany(dialect => dialect.Apis).Single(described => described.Api == api))];

    private static readonly Dialect[] _dialects =
        [.. UpstreamApis.All.Select(api => All.Single(dialect => dialect.Apis.Any(described => described.Api == api)))];

    public static ApiDescriptor Describe(UpstreamApi api) => _apis[(int)api];

    public static Dialect Of(UpstreamApi api) => _dialects[(int)api];

    /// <summary>The dialect of a request to an endpoint that belongs to no API.</summary>
    public static Dialect Of(HttpRequest request) => All.First(dialect => dialect.Sent(request));

    /// <summary>The dialect of an error reported by a provider.</summary>
    public static Dialect Of(JsonElement error) => All.First(dialect => dialect.Wrote(error));
}
