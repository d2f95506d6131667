using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>What an object is, by its <c>type</c>: whether its bytes bound what it costs.</summary>
internal ref partial struct RequestParser
{
    private enum Kind : byte
    {
        None,
        Text,
        Image,
        Reference,
        Base64,
        Unknown,
    }

    /// <summary>What the object's <c>type</c> says about it.</summary>
    private readonly Kind KindOf(Place place)
    {
        if (_json.TokenType is JsonTokenType.Null) return Kind.None;
        if (_json.TokenType is not JsonTokenType.String) return Kind.Unknown;
        return place switch
        {
            Place.Part or Place.Output => IsText() ? Kind.Text : Is("image_url"u8, "input_image"u8) || Is("image"u8) ? Kind.Image : Kind.Unknown,
            Place.Item => IsStep() ? Kind.Text : Is("item_reference"u8) ? Kind.Reference : Kind.Unknown,
            Place.Tool => IsClientTool() ? Kind.Text : Kind.Unknown,
            Place.Source => Is("base64"u8) ? Kind.Base64 : Kind.Text,
            _ => Kind.None,
        };
    }

    /// <summary>A part of a message whose tokens are those of its text. A search's results are longer as they come than as they are read.</summary>
    private readonly bool IsText() =>
        Is("text"u8, "input_text"u8) || Is("output_text"u8, "refusal"u8) || Is("tool_use"u8, "tool_result"u8)
        || Is("thinking"u8, "redacted_thinking"u8) || Is("summary_text"u8, "reasoning_text"u8) || Is("search_result"u8, "tool_reference"u8)
        || Is("server_tool_use"u8, "web_search_tool_result"u8) || Is("web_search_result"u8, "web_search_tool_result_error"u8)
        || Is("web_fetch_tool_result"u8, "web_fetch_result"u8) || Is("mcp_tool_use"u8, "mcp_tool_result"u8)
        || Is("tool_search_tool_result"u8, "tool_search_tool_search_result"u8) || Is("compaction"u8);

    /// <summary>A step of a conversation whose tokens are those of its text.</summary>
    private readonly bool IsStep() =>
        Is("message"u8, "reasoning"u8) || Is("function_call"u8, "function_call_output"u8)
        || Is("custom_tool_call"u8, "custom_tool_call_output"u8) || Is("local_shell_call"u8, "local_shell_call_output"u8)
        || Is("shell_call"u8, "shell_call_output"u8) || Is("apply_patch_call"u8, "apply_patch_call_output"u8)
        || Is("tool_search_call"u8, "tool_search_output"u8) || Is("web_search_call"u8, "additional_tools"u8)
        || Is("mcp_list_tools"u8, "mcp_call"u8) || Is("mcp_approval_request"u8, "mcp_approval_response"u8)
        || Is("compaction"u8, "compaction_summary"u8);

    /// <summary>A tool that the client runs, or a group of such: it costs what is written about it.</summary>
    private readonly bool IsClientTool() =>
        Is("function"u8, "custom"u8) || Is("namespace"u8, "local_shell"u8) || Is("apply_patch"u8, "tool_search"u8);

    private readonly bool Is(ReadOnlySpan<byte> text) => _json.ValueTextEquals(text);

    private readonly bool Is(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Is(a) || Is(b);
}
