using System.Text.Json;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>
/// Bodies made so that the gateway reads one thing and an upstream another. Whatever an upstream's reader does about
/// names that stand twice or in another case, it must find what was checked.
/// </summary>
public sealed class BypassTests
{
    private const string Marker = "http://127.0.0.1:1/elsewhere";

    private static readonly string[] _otherModels =
        ["model", "Model", "MODEL", "mOdEl", "m\\u006fdel", "\\u004dodel", "\\u006d\\u006f\\u0064\\u0065\\u006c", "models", "Models", "fallbacks"];

    private static readonly string[] _steering =
    [
        "api_base", "base_url", "api_key", "extra_headers", "extra_body", "organization", "project",
        "extra_query", "headers", "api_version", "custom_llm_provider", "models", "fallbacks",
    ];

    private static readonly string[] _values = ["\"expensive\"", "[\"expensive\"]"];

    /// <summary>Five addresses, ten names, two values, before and after the model that may be used.</summary>
    public static TheoryData<UpstreamApi, string> Models =>
    [
        .. from api in RequestScanner.Apis
           from name in _otherModels
           from value in _values
           from body in new[]
           {
               $$"""{"{{name}}":{{value}},"model":"cheap",{{Bodies.Needs(api)}}}""",
               $$"""{"model":"cheap",{{Bodies.Needs(api)}},"{{name}}":{{value}}}""",
           }
           select (api, body),
    ];

    public static TheoryData<UpstreamApi, string> Steering =>
    [
        .. from api in new[] { UpstreamApi.ChatCompletions, UpstreamApi.Messages }
           from name in _steering
           from spelled in new[] { name, name.ToUpperInvariant(), $"\\u{(int)name[0]:x4}{name[1..]}", $"{char.ToUpperInvariant(name[0])}{name[1..]}" }
           from body in new[]
           {
               $$"""{"{{spelled}}":"{{Marker}}","model":"cheap",{{Bodies.Needs(api)}}}""",
               $$$"""{"model":"cheap",{{{Bodies.Needs(api)}}},"{{{spelled}}}":{"a":["{{{Marker}}}"]}}""",
           }
           select (api, body),
    ];

    [Fact]
    public void There_are_as_many_vectors_as_were_promised()
    {
        Assert.Equal(200, Models.Count);
        Assert.True(Steering.Count >= 100);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void No_upstream_finds_another_model_than_the_one_that_was_checked(UpstreamApi api, string body)
    {
        if (Bodies.Forwarded(api, body) is not { } forwarded) return;

        Assert.Equal("cheap", Bodies.Model(api, body));
        Assert.DoesNotContain("expensive", forwarded, StringComparison.Ordinal);
        Assert.Equal([Bodies.UpstreamModel], Names(forwarded, "model"));
    }

    [Theory]
    [MemberData(nameof(Steering))]
    public void No_member_leads_the_request_elsewhere(UpstreamApi api, string body)
    {
        var forwarded = Bodies.Forwarded(api, body);

        Assert.NotNull(forwarded);
        Assert.DoesNotContain(Marker, forwarded, StringComparison.Ordinal);
        Assert.All(_steering, name => Assert.Empty(Names(forwarded, name)));
        Assert.Equal([Bodies.UpstreamModel], Names(forwarded, "model"));
    }

    /// <summary>All values that some reader takes for this member's.</summary>
    private static List<string> Names(string body, string name) =>
        [.. JsonElement.Parse(body).EnumerateObject().Where(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(m => m.Value.ToString())];
}
