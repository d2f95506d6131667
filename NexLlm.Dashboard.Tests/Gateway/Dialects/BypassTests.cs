using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Keys.Policy;

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
        "preset", "adapter_id", "model_list", "deployment_id", "user_config", "kv_transfer_params",
    ];

    /// <summary>Names of what is kept at a provider.</summary>
    public static string[] State { get; } =
    [
        "file_id", "file_ids", "container", "container_id", "vector_store_id", "vector_store_ids", "collection_ids",
        "previous_response_id", "cached_content", "skill_id",
    ];

    /// <summary>Where an upstream would look for such names.</summary>
    private static readonly (UpstreamApi Api, string Members)[] _read =
    [
        (UpstreamApi.Responses, """ "*":"x" """),
        (UpstreamApi.Responses, """ "unheard_of":{"deep":[[{"*":"x"}]]} """),
        (UpstreamApi.Responses, """ "input":[{"role":"user","content":[{"type":"input_file","*":"x"}]}] """),
        (UpstreamApi.Responses, """ "input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_file","*":"x"}]}] """),
        (UpstreamApi.Responses, """ "input":[{"type":"shell_call","call_id":"c","environment":{"type":"container_reference","*":"x"}}] """),
        (UpstreamApi.Responses, """ "input":[{"type":"code_interpreter_call","*":"x"}] """),
        (UpstreamApi.Responses, """ "tools":[{"type":"file_search","*":["x"]}] """),
        (UpstreamApi.Responses, """ "tools":[{"type":"namespace","name":"n","tools":[{"type":"file_search","*":["x"]}]}] """),
        (UpstreamApi.Responses, """ "tools":[{"type":"shell","environment":{"skills":[{"*":"x"}]}}] """),
        (UpstreamApi.Responses, """ "input":[{"type":"tool_search_output","tools":[{"type":"code_interpreter","*":"x"}]}] """),
        (UpstreamApi.ChatCompletions, """ "*":"x" """),
        (UpstreamApi.ChatCompletions, """ "messages":[{"role":"user","content":[{"type":"file","file":{"*":"x"}}]}] """),
        (UpstreamApi.ChatCompletions, """ "messages":[{"role":"user","content":"a","file":{"*":"x"}}] """),
        (UpstreamApi.ChatCompletions, """ "tools":[{"type":"function","function":{"name":"f","*":"x"}}] """),
        (UpstreamApi.Messages, """ "*":"x","max_tokens":1 """),
        (UpstreamApi.Messages, """ "messages":[{"role":"user","content":[{"type":"container_upload","*":"x"}]}],"max_tokens":1 """),
        (UpstreamApi.Messages, """ "messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","*":"x"}}]}],"max_tokens":1 """),
        (UpstreamApi.Messages, """ "system":[{"type":"text","text":"a","source":{"type":"file","*":"x"}}],"max_tokens":1 """),
    ];

    public static TheoryData<UpstreamApi, string> References =>
    [
        .. from place in _read
           from name in State
           from spelled in Spellings(name)
           select (place.Api, $$"""{"model":"cheap",{{place.Members.Replace("*", spelled, StringComparison.Ordinal)}}}"""),
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
        .. from api in new[] { UpstreamApi.ChatCompletions, UpstreamApi.Messages, UpstreamApi.ImageGenerations, UpstreamApi.Speech, UpstreamApi.Rerank }
           from name in _steering
           from spelled in Spellings(name)
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
        Assert.True(Models.Count >= 200);
        Assert.True(Steering.Count >= 100);
        Assert.True(References.Count >= 600);
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
    public void A_member_that_would_lead_the_request_elsewhere_is_refused_by_its_name(UpstreamApi api, string body)
    {
        var error = Bodies.Refused(api, body);

        Assert.Equal(Verdict.InvalidRequest, error.Verdict);
        Assert.Contains(error.Param, _steering);
        Assert.StartsWith($"'{error.Param}' is not supported", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(References))]
    public void What_is_kept_upstream_is_out_of_reach_in_every_spelling_wherever_it_is_read(UpstreamApi api, string body) =>
        Assert.Equal(Verdict.UnsupportedState, Bodies.Refused(api, body).Verdict);

    private static string[] Spellings(string name) =>
        [name, name.ToUpperInvariant(), $"\\u{(int)name[0]:x4}{name[1..]}", $"{char.ToUpperInvariant(name[0])}{name[1..]}"];

    /// <summary>All values that some reader takes for this member's.</summary>
    private static List<string> Names(string body, string name) =>
        [.. JsonElement.Parse(body).EnumerateObject().Where(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(m => m.Value.ToString())];
}
