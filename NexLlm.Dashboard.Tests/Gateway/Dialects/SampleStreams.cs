namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>Streams in the shapes of the providers' APIs.</summary>
internal static class SampleStreams
{
    public const string Chat = """
        data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

        data: {"choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":{"content":[{"token":"Hel","logprob":-1}]}},{"index":1,"delta":{"content":"lo"}}]}

        : a comment

        data: {"choices":[{"index":0,"delta":{"content":" \"w\u00f6rld\" \ud83d"}}]}

        data: {"choices":[{"index":0,"delta":{"content":"\ude00","tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}

        data: {"choices":[{"index":0,"delta":{"reasoning_content":"why","refusal":"no"},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46,"prompt_tokens_details":{"cached_tokens":3}}}

        data: [DONE]


        """;

    public const string Messages = """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"thinking_delta","thinking":"hm"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    public const string Responses = """
        event: response.created
        data: {"type":"response.created","response":{"id":"r","output":[],"usage":null}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","item_id":"i","delta":"Hi"}

        event: response.function_call_arguments.delta
        data: {"type":"response.function_call_arguments.delta","delta":"{}"}

        event: response.output_text.done
        data: {"type":"response.output_text.done","text":"Hi"}

        event: response.completed
        data: {"type":"response.completed","response":{"id":"r","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":7,"output_tokens":8}}}


        """;
}
