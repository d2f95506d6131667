using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The kind of an object according to its <c>type</c>, which tells whether its bytes bound its cost.</summary>
internal enum ObjectKind : byte
{
    None,
    Text,
    Image,
    Reference,
    Base64,
    Unknown,
}

internal static class ObjectKinds
{
    /// <summary>The kind given by the object's <c>type</c>.</summary>
    public static ObjectKind Of(in Utf8JsonReader json, JsonContext place)
    {
        if (json.TokenType is JsonTokenType.Null) return ObjectKind.None;
        if (json.TokenType is not JsonTokenType.String) return ObjectKind.Unknown;
        return place switch
        {
            JsonContext.Part or JsonContext.Output => IsText(in json) ? ObjectKind.Text : Is(in json, "image_url"u8, "input_image"u8) || Is(in json, "image"u8) ? ObjectKind.Image : ObjectKind.Unknown,
            JsonContext.Item => IsStep(in json) ? ObjectKind.Text : Is(in json, "item_reference"u8) ? ObjectKind.Reference : ObjectKind.Unknown,
            JsonContext.Tool => IsClientTool(in json) ? ObjectKind.Text : ObjectKind.Unknown,
            JsonContext.Source => Is(in json, "base64"u8) ? ObjectKind.Base64 : ObjectKind.Text,
            _ => ObjectKind.None,
        };
    }

    /// <summary>Whether a message part costs only the tokens of its text. Search results are larger in transit than when read by the model.</summary>
    private static bool IsText(in Utf8JsonReader json) =>
        Is(in json, "text"u8, "input_text"u8) || Is(in json, "output_text"u8, "refusal"u8) || Is(in json, "tool_use"u8, "tool_result"u8)
        || Is(in json, "thinking"u8, "redacted_thinking"u8) || Is(in json, "summary_text"u8, "reasoning_text"u8) || Is(in json, "search_result"u8, "tool_reference"u8)
        || Is(in json, "server_tool_use"u8, "web_search_tool_result"u8) || Is(in json, "web_search_result"u8, "web_search_tool_result_error"u8)
        || Is(in json, "web_fetch_tool_result"u8, "web_fetch_result"u8) || Is(in json, "mcp_tool_use"u8, "mcp_tool_result"u8)
        || Is(in json, "tool_search_tool_result"u8, "tool_search_tool_search_result"u8) || Is(in json, "compaction"u8);

    /// <summary>Whether a conversation item costs only the tokens of its text.</summary>
    private static bool IsStep(in Utf8JsonReader json) =>
        Is(in json, "message"u8, "reasoning"u8) || Is(in json, "function_call"u8, "function_call_output"u8)
        || Is(in json, "custom_tool_call"u8, "custom_tool_call_output"u8) || Is(in json, "local_shell_call"u8, "local_shell_call_output"u8)
        || Is(in json, "shell_call"u8, "shell_call_output"u8) || Is(in json, "apply_patch_call"u8, "apply_patch_call_output"u8)
        || Is(in json, "tool_search_call"u8, "tool_search_output"u8) || Is(in json, "web_search_call"u8, "additional_tools"u8)
        || Is(in json, "mcp_list_tools"u8, "mcp_call"u8) || Is(in json, "mcp_approval_request"u8, "mcp_approval_response"u8)
        || Is(in json, "compaction"u8, "compaction_summary"u8);

    /// <summary>A tool run by the client, or a group of them. It costs only its description.</summary>
    private static bool IsClientTool(in Utf8JsonReader json) =>
        Is(in json, "function"u8, "custom"u8) || Is(in json, "namespace"u8, "local_shell"u8) || Is(in json, "apply_patch"u8, "tool_search"u8);

    private static bool Is(in Utf8JsonReader json, ReadOnlySpan<byte> text) => json.ValueTextEquals(text);

    private static bool Is(in Utf8JsonReader json, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Is(in json, a) || Is(in json, b);
}
