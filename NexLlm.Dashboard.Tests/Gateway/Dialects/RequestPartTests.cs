using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;
using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>What stands below the body's own members: media, what has no known cost, and what is kept upstream.</summary>
public sealed class RequestPartTests
{
    private static string Chat(string part) => $$"""{"model":"m","messages":[{"role":"user","content":[{{part}}]}]}""";

    private static string Item(string part) => $$"""{"model":"m","input":[{"role":"user","content":[{{part}}]}]}""";

    private static string Message(string part) => $$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{{part}}]}]}""";

    private static string Body(UpstreamApi api, string part) =>
        api is Messages ? Message(part) : api is Responses ? Item(part) : Chat(part);

    [Theory]
    [InlineData(ChatCompletions, """{"type":"image_url","image_url":{"url":"*"}}""", "data:image/png;base64,iVBORw0KGgo=")]
    [InlineData(ChatCompletions, """{"image_url":{"detail":"low","url":"*"},"type":"image_url"}""", "data:image/png;base64,iVBORw0KGgo=")]
    [InlineData(ChatCompletions, """{"type":"image_url","image_url":"*"}""", "data:image\\/png;base64,iVBO\\/w0KGgo=")]
    [InlineData(Responses, """{"type":"input_image","image_url":"*"}""", "data:image/jpeg;base64,AAAA")]
    [InlineData(Messages, """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"*"}}""", "iVBORw0KGgo=")]
    [InlineData(Messages, """{"source":{"data":"*","type":"base64"},"type":"image"}""", "iVBORw0KGgo=")]
    [InlineData(Messages, """{"type":"tool_result","content":[{"type":"image","source":{"type":"base64","data":"*"}}]}""", "iVBORw0KGgo=")]
    public void The_bytes_of_an_inline_image_are_not_prompt(UpstreamApi api, string part, string media)
    {
        var body = Body(api, part.Replace("*", media, StringComparison.Ordinal));

        var found = Bodies.Found(api, body);

        Assert.Equal((1, false), (found.Images, found.HasUnknownPart));
        Assert.Equal(body.Length - media.Length, found.PromptBytes);
    }

    [Theory]
    [InlineData(ChatCompletions, """{"type":"text","text":"data:image/png;base64,iVBORw0KGgo="}""")]
    [InlineData(ChatCompletions, """{"type":"text","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="},"text":"a"}""")]
    [InlineData(ChatCompletions, """{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""")]
    [InlineData(ChatCompletions, """{"type":"image_url","image_url":{"detail":"data:image/png;base64,iVBORw0KGgo="}}""")]
    [InlineData(ChatCompletions, """{"type":"image_url","image_url":["data:image/png;base64,iVBORw0KGgo="]}""")]
    [InlineData(Messages, """{"type":"text","source":{"type":"base64","data":"iVBORw0KGgo="},"text":"a"}""")]
    [InlineData(Messages, """{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}""")]
    [InlineData(Messages, """{"type":"image","source":{"type":"text","data":"all of this is text"}}""")]
    [InlineData(Messages, """{"type":"tool_use","id":"a","name":"b","input":{"type":"image","source":{"type":"base64","data":"iVBORw0KGgo="}}}""")]
    public void Text_is_prompt_whatever_it_looks_like(UpstreamApi api, string part)
    {
        var body = Body(api, part);

        Assert.Equal(body.Length, Bodies.Found(api, body).PromptBytes);
    }

    [Fact]
    public void Images_are_counted_inline_and_by_address()
    {
        var found = Bodies.Found(ChatCompletions, Chat("""
            {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},{"type":"text","text":"a"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"data:image/gif;base64,AAAA"}}
            """));

        Assert.Equal(3, found.Images);
    }

    [Theory]
    [InlineData(ChatCompletions, """{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""")]
    [InlineData(ChatCompletions, """{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}}""")]
    [InlineData(ChatCompletions, """{"type":"image_url","image_url":{"url":"data:application/pdf;base64,AAAA"}}""")]
    [InlineData(ChatCompletions, """{"type":"video_url","video_url":{"url":"https://example.com/a.mp4"}}""")]
    [InlineData(ChatCompletions, """{"text":"What am I?"}""")]
    [InlineData(Responses, """{"type":"input_file","file_url":"https://example.com/a.pdf"}""")]
    [InlineData(Responses, """{"type":"input_file","file_data":"data:application/pdf;base64,AAAA"}""")]
    [InlineData(Messages, """{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}""")]
    [InlineData(Messages, """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}""")]
    [InlineData(Messages, """{"type":"tool_result","content":[{"type":"document","source":{"type":"text","data":"a"}}]}""")]
    public void A_part_of_unknown_cost_is_told(UpstreamApi api, string part) =>
        Assert.True(Bodies.Found(api, Body(api, part)).HasUnknownPart);

    [Theory]
    [InlineData(ChatCompletions, """{"type":"function","function":{"name":"f"}}""", false)]
    [InlineData(ChatCompletions, """{"type":"custom","custom":{"name":"f"}}""", false)]
    [InlineData(Responses, """{"type":"function","name":"f","parameters":{}}""", false)]
    [InlineData(Responses, """{"type":"web_search"}""", true)]
    [InlineData(Responses, """{"type":"web_search_preview","search_context_size":"low"}""", true)]
    [InlineData(Responses, """{"type":"image_generation"}""", true)]
    [InlineData(Responses, """{"type":"namespace","name":"mcp","tools":[{"type":"function","name":"f"},{"type":"custom","name":"g"}]}""", false)]
    [InlineData(Responses, """{"type":"namespace","name":"mcp","tools":[{"type":"web_search"}]}""", true)]
    [InlineData(Responses, """{"type":"local_shell"}""", false)]
    [InlineData(Responses, """{"type":"apply_patch"}""", false)]
    [InlineData(Responses, """{"type":"tool_search"}""", false)]
    [InlineData(Responses, """{"type":"custom","name":"apply_patch","format":{"type":"grammar","syntax":"lark","definition":"start: x"}}""", false)]
    [InlineData(Responses, """{"type":"mcp","server_url":"https://example.com"}""", true)]
    [InlineData(Messages, """{"name":"f","input_schema":{"type":"object"}}""", false)]
    [InlineData(Messages, """{"type":"custom","name":"f","input_schema":{"type":"object"}}""", false)]
    [InlineData(Messages, """{"type":"web_search_20250305","name":"web_search"}""", true)]
    [InlineData(Messages, """{"type":["custom"],"name":"f"}""", true)]
    [InlineData(ChatCompletions, """{"google_search":{}}""", true)]
    [InlineData(ChatCompletions, """{"function":{"name":"f"}}""", false)]
    [InlineData(ChatCompletions, """{"type":"builtin_function","function":{"name":"$web_search"}}""", true)]
    public void A_tool_that_the_provider_runs_is_told_from_one_of_the_clients(UpstreamApi api, string tool, bool ofProvider)
    {
        var found = Bodies.Found(api, Bodies.With(api, $"\"tools\":[{tool}]"));

        Assert.Equal((ofProvider ? 1 : 0, false), (found.ProviderTools, found.HasUnknownPart));
    }

    [Theory]
    [InlineData(ChatCompletions, "\"web_search_options\":{}", 1)]
    [InlineData(ChatCompletions, "\"web_search_options\":null", 0)]
    [InlineData(ChatCompletions, "\"plugins\":[{\"id\":\"web\"}]", 1)]
    [InlineData(ChatCompletions, "\"search_parameters\":{\"mode\":\"auto\"}", 1)]
    [InlineData(ChatCompletions, "\"enable_search\":true", 1)]
    [InlineData(ChatCompletions, "\"enable_search\":false", 0)]
    [InlineData(Messages, "\"mcp_servers\":[{\"url\":\"https://example.com\"},{\"url\":\"https://example.org\"}]", 2)]
    [InlineData(Messages, "\"mcp_servers\":[],\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"a\"},{\"type\":\"bash_20250124\",\"name\":\"b\"}]", 2)]
    public void Tools_of_the_provider_are_counted(UpstreamApi api, string member, int tools) =>
        Assert.Equal(tools, Bodies.Found(api, Bodies.With(api, member)).ProviderTools);

    [Theory]
    [InlineData("""{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}""", false)]
    [InlineData("""{"type":"function_call_output","call_id":"a","output":"text"}""", false)]
    [InlineData("""{"type":"function_call_output","call_id":"a","output":[{"type":"input_text","text":"a"}]}""", false)]
    [InlineData("""{"type":"function_call_output","call_id":"a","output":[{"type":"input_file","file_data":"AAAA"}]}""", true)]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"}],"encrypted_content":"AAAA"}""", false)]
    [InlineData("""{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"a"}}""", false)]
    [InlineData("""{"type":"local_shell_call","call_id":"a","action":{"type":"exec","command":["ls"],"env":{}}}""", false)]
    [InlineData("""{"type":"shell_call_output","call_id":"a","output":[{"stdout":"a","stderr":"","outcome":{"type":"exit","exit_code":0}}]}""", false)]
    [InlineData("""{"type":"tool_search_output","call_id":"a","tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f"}]}]}""", false)]
    [InlineData("""{"type":"compaction","encrypted_content":"AAAA"}""", false)]
    [InlineData("""{"type":"image_generation_call","result":"AAAA"}""", true)]
    [InlineData("""{"type":"computer_call_output","output":{"type":"computer_screenshot","image_url":"https://example.com/a.png"}}""", true)]
    public void Steps_of_a_conversation_are_known_or_told(string item, bool unknown) =>
        Assert.Equal(unknown, Bodies.Found(Responses, $$"""{"model":"m","input":[{{item}}]}""").HasUnknownPart);

    public static TheoryData<UpstreamApi, string, string> KeptUpstream => new()
    {
        { Responses, """ "previous_response_id":"resp_1" """, "previous_response_id" },
        { Responses, """ "previous_re\u0073ponse_id":"resp_1" """, "previous_response_id" },
        { ChatCompletions, """ "previous_response_id":"resp_1" """, "previous_response_id" },
        { Responses, """ "conversation":"conv_1" """, "conversation" },
        { Responses, """ "conversation":{"id":"conv_1"} """, "conversation" },
        { Responses, """ "prompt":{"id":"pmpt_1"} """, "prompt" },
        { Responses, """ "background":true """, "background" },
        { Messages, """ "container":"container_1" """, "container" },
        { Messages, """ "container":{"skills":[{"skill_id":"a"}]} """, "container" },
        { Responses, """ "tools":[{"type":"file_search","vector_store_ids":["vs_1"]}] """, "vector_store_ids" },
        { Responses, """ "tools":[{"type":"code_interpreter","container":"cntr_1"}] """, "container" },
        { Responses, """ "tools":[{"type":"code_interpreter","container":{"type":"auto","file_ids":["f"]}}] """, "container" },
        { Responses, """ "tools":[{"type":"shell","environment":{"container_id":"cntr_1"}}] """, "container_id" },
        { Responses, """ "tools":[{"type":"image_generation","input_image_mask":{"file_id":"f"}}] """, "file_id" },
        { ChatCompletions, """ "messages":[{"role":"assistant","audio":{"id":"audio_1"}}] """, "audio" },
        { ChatCompletions, """ "messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}] """, "file_id" },
        { ChatCompletions, """ "messages":[{"role":"user","content":[{"type":"file","file":{"f\u0069le_id":"f"}}]}] """, "file_id" },
        { ChatCompletions, """ "attachments":[{"file_id":"f"}] """, "file_id" },
        { Responses, """ "input":[{"type":"item_reference","id":"msg_1"}] """, "item_reference" },
        { Responses, """ "input":[{"id":"msg_1","type":"item_\u0072eference"}] """, "item_reference" },
        { Responses, """ "input":[{"id":"msg_1"}] """, "item_reference" },
        { Responses, """ "input":[{"id":"msg_1","type":null}] """, "item_reference" },
        { Responses, """ "input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}] """, "file_id" },
        { Responses, """ "input":[{"role":"user","content":[{"type":"input_text","text":"a","parameters":{"file_id":"f"}}]}] """, "file_id" },
        { Responses, """ "input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_file","file_id":"f"}]}] """, "file_id" },
        { Messages, """ "messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}],"max_tokens":1 """, "file_id" },
        { Messages, """ "messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}],"max_tokens":1 """, "file_id" },
        { Messages, """ "system":[{"type":"text","text":"a","source":{"file_id":"f"}}],"max_tokens":1 """, "file_id" },
    };

    [Theory]
    [MemberData(nameof(KeptUpstream))]
    public void What_is_kept_upstream_cannot_be_referred_to(UpstreamApi api, string members, string param)
    {
        var body = $$"""{"model":"m",{{members}}}""";

        var error = Bodies.Refused(api, body);

        Assert.Equal((Verdict.UnsupportedState, param), (error.Verdict, error.Param));
    }

    /// <summary>Where only the client's own words stand, or those of an earlier answer: nobody looks up what they name.</summary>
    public static TheoryData<UpstreamApi, string> OwnWords => new()
    {
        { Responses, """ "input":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a","annotations":[{"type":"file_citation","*":"x","index":0}]}]}] """ },
        { Responses, """ "input":[{"type":"function_call","call_id":"c","name":"f","arguments":{"*":"x"}}] """ },
        { Responses, """ "input":[{"type":"custom_tool_call","call_id":"c","name":"f","input":{"*":"x"}}] """ },
        { Responses, """ "input":[{"type":"local_shell_call","call_id":"c","action":{"type":"exec","command":["ls"],"env":{"*":"x"}}}] """ },
        { Responses, """ "input":[{"type":"reasoning","summary":[],"encrypted_content":{"*":"x"}}] """ },
        { Responses, """ "input":[{"role":"user","content":"a","metadata":{"*":"x"}}] """ },
        { Responses, """ "tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"*":{"type":"string"}}}}]}] """ },
        { Responses, """ "input":[{"type":"tool_search_output","call_id":"c","tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f","parameters":{"properties":{"*":{}}}}]}]}] """ },
        { Responses, """ "client_metadata":{"*":"x"} """ },
        { ChatCompletions, """ "messages":[{"role":"assistant","content":"a","annotations":[{"type":"file_citation","file_citation":{"*":"x"}}]}] """ },
        { ChatCompletions, """ "messages":[{"role":"assistant","reasoning_details":[{"type":"reasoning.encrypted","data":"AAAA","*":"x"}]}] """ },
        { ChatCompletions, """ "messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{"*":"x"}}}]}] """ },
        { ChatCompletions, """ "messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":{"*":"x"}}}]}] """ },
        { ChatCompletions, """ "messages":[{"role":"assistant","function_call":{"name":"f","arguments":{"*":"x"}}}] """ },
        { ChatCompletions, """ "messages":[{"role":"assistant","content":"a","provider_specific_fields":{"*":"x"}}] """ },
        { Messages, """ "messages":[{"role":"assistant","content":[{"type":"text","text":"a","citations":[{"type":"char_location","cited_text":"b","*":"x"}]}]}],"max_tokens":1 """ },
        { Messages, """ "messages":[{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{"*":"x"}}]}],"max_tokens":1 """ },
        { Messages, """ "tools":[{"name":"f","input_schema":{"properties":{"*":{}}},"input_examples":[{"*":"x"}]}],"max_tokens":1 """ },
    };

    [Theory]
    [MemberData(nameof(OwnWords))]
    public void What_stands_in_anybodys_own_words_is_never_read_as_state(UpstreamApi api, string members)
    {
        foreach (var name in BypassTests.State)
        {
            var body = $$"""{"model":"m",{{members.Replace("*", name, StringComparison.Ordinal)}}}""";
            Assert.Equal(JsonElement.Parse(body).GetProperty("model").GetString(), Bodies.Model(api, body));
        }
    }

    [Theory]
    [InlineData("File_Id")]
    [InlineData("FILE_ID")]
    [InlineData("f\\u0049le_id")]
    public void A_reference_is_found_in_any_case(string name) =>
        Bodies.Refused(ChatCompletions, Bodies.With(ChatCompletions, $$"""  "attachments":[{"{{name}}":"f"}] """));

    [Theory]
    [InlineData(Responses, """ "previous_response_id":null,"conversation":null,"prompt":null,"background":false """)]
    [InlineData(Responses, """ "input":[{"type":"message","role":"user","content":[{"type":"input_image","image_url":"https://example.com/a","file_id":null}]}] """)]
    [InlineData(Messages, """ "container":null,"max_tokens":1 """)]
    [InlineData(ChatCompletions, """ "messages":[{"role":"assistant","content":"a","audio":null}] """)]
    [InlineData(ChatCompletions, """ "audio":{"voice":"alloy","format":"wav"} """)]
    [InlineData(ChatCompletions, """ "background":true,"prompt":{"id":"a"} """)]
    [InlineData(ChatCompletions, """ "metadata":{"file_id":"f","container":"c"} """)]
    [InlineData(ChatCompletions, """ "messages":[{"role":"user","content":"{\"file_id\":\"f\"}"}] """)]
    [InlineData(ChatCompletions, """ "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"properties":{"file_id":{"type":"string"}}}}} """)]
    [InlineData(ChatCompletions, """ "functions":[{"name":"f","parameters":{"properties":{"file_id":{"type":"string"}}}}] """)]
    [InlineData(Responses, """ "text":{"format":{"type":"json_schema","name":"a","schema":{"properties":{"container":{"type":"string"}}}}} """)]
    [InlineData(Responses, """ "tools":[{"type":"function","name":"f","parameters":{"properties":{"vector_store_ids":{"type":"array"}}}}] """)]
    [InlineData(Messages, """ "tools":[{"name":"f","input_schema":{"properties":{"file_id":{"type":"string"}}}}],"max_tokens":1 """)]
    [InlineData(Messages, """ "messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{"file_id":"f"}}]}],"max_tokens":1 """)]
    public void What_only_looks_like_a_reference_passes(UpstreamApi api, string members) =>
        Bodies.Found(api, $$"""{"model":"m",{{members}}}""");

    [Fact]
    public void A_prompt_is_measured_in_bytes()
    {
        var body = Chat("""{"type":"text","text":"漢字 é 😀"}""");

        Assert.Equal(Encoding.UTF8.GetByteCount(body), Bodies.Found(ChatCompletions, body).PromptBytes);
    }
}
