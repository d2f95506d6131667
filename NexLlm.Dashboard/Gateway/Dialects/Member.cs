namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>What a member of a body means to the gateway. Names that mean the same share a value.</summary>
internal enum Member : byte
{
    /// <summary>Passes through as it is.</summary>
    Other,
    Model,
    Stream,
    StreamOptions,
    IncludeUsage,
    N,
    BestOf,
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Store,
    Background,
    Conversation,
    Prompt,
    Input,
    Messages,
    System,
    Tools,
    Format,
    Content,
    Output,
    Type,
    Role,
    Name,
    ImageUrl,
    Url,
    Source,
    Data,
    Audio,
    Function,
    Schema,
    ToolSchema,

    /// <summary>Whose value is the client's own JSON.</summary>
    Free,

    /// <summary>What is ranked: the client's own JSON in that API, and nothing known elsewhere.</summary>
    Documents,

    /// <summary>Of an earlier answer that is sent again: sources, reasoning and what only its maker can read. Nobody looks up what it names.</summary>
    Opaque,

    /// <summary>The calls of tools in a message.</summary>
    Calls,

    /// <summary>What a tool was called with.</summary>
    Arguments,

    /// <summary>What a tool of the client was told to do.</summary>
    Action,

    /// <summary>A tool that the provider runs, or a list of such: what it reads is charged.</summary>
    ProviderTool,

    /// <summary>Would lead the request elsewhere, or to another model than the one that was checked.</summary>
    Steering,

    /// <summary>Refers to what is kept upstream, where all keys share one credential.</summary>
    State,
}

internal static class Members
{
    public static Member Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name.SequenceEqual("n"u8) ? Member.N : Member.Other,
        3 =>
            name.SequenceEqual("env"u8) ? Member.Arguments
            : name.SequenceEqual("url"u8) ? Member.Url : Member.Other,
        4 =>
            name.SequenceEqual("role"u8) ? Member.Role
            : name.SequenceEqual("type"u8) ? Member.Type
            : name.SequenceEqual("text"u8) ? Member.Format
            : name.SequenceEqual("name"u8) ? Member.Name
            : name.SequenceEqual("data"u8) ? Member.Data
            : Member.Other,
        5 =>
            name.SequenceEqual("model"u8) ? Member.Model
            : name.SequenceEqual("tools"u8) ? Member.Tools
            : name.SequenceEqual("input"u8) ? Member.Input
            : name.SequenceEqual("store"u8) ? Member.Store
            : name.SequenceEqual("audio"u8) ? Member.Audio
            : Member.Other,
        6 =>
            name.SequenceEqual("action"u8) ? Member.Action
            : name.SequenceEqual("preset"u8) ? Member.Steering
            : name.SequenceEqual("stream"u8) ? Member.Stream
            : name.SequenceEqual("system"u8) ? Member.System
            : name.SequenceEqual("prompt"u8) ? Member.Prompt
            : name.SequenceEqual("source"u8) ? Member.Source
            : name.SequenceEqual("custom"u8) ? Member.Function
            : name.SequenceEqual("output"u8) ? Member.Output
            : name.SequenceEqual("schema"u8) ? Member.Schema
            : name.SequenceEqual("models"u8) ? Member.Steering
            : Member.Other,
        7 =>
            name.SequenceEqual("plugins"u8) ? Member.ProviderTool
            : name.SequenceEqual("content"u8) ? Member.Content
            : name.SequenceEqual("best_of"u8) ? Member.BestOf
            : name.SequenceEqual("file_id"u8) ? Member.State
            : name.SequenceEqual("api_key"u8) ? Member.Steering
            : name.SequenceEqual("project"u8) ? Member.Steering
            : name.SequenceEqual("headers"u8) ? Member.Steering
            : Member.Other,
        8 =>
            name.SequenceEqual("skill_id"u8) ? Member.State
            : name.SequenceEqual("messages"u8) ? Member.Messages
            : name.SequenceEqual("metadata"u8) ? Member.Free
            : name.SequenceEqual("function"u8) ? Member.Function
            : name.SequenceEqual("base_url"u8) ? Member.Steering
            : name.SequenceEqual("api_base"u8) ? Member.Steering
            : name.SequenceEqual("file_ids"u8) ? Member.State
            : Member.Other,
        9 =>
            name.SequenceEqual("arguments"u8) ? Member.Arguments
            : name.SequenceEqual("citations"u8) ? Member.Opaque
            : name.SequenceEqual("image_url"u8) ? Member.ImageUrl
            : name.SequenceEqual("functions"u8) ? Member.Tools
            : name.SequenceEqual("documents"u8) ? Member.Documents
            : name.SequenceEqual("container"u8) ? Member.State
            : name.SequenceEqual("fallbacks"u8) ? Member.Steering
            : Member.Other,
        10 =>
            name.SequenceEqual("tool_calls"u8) ? Member.Calls
            : name.SequenceEqual("model_list"u8) ? Member.Steering
            : name.SequenceEqual("adapter_id"u8) ? Member.Steering
            : name.SequenceEqual("max_tokens"u8) ? Member.MaxTokens
            : name.SequenceEqual("parameters"u8) ? Member.ToolSchema
            : name.SequenceEqual("extra_body"u8) ? Member.Steering
            : name.SequenceEqual("background"u8) ? Member.Background
            : Member.Other,
        11 =>
            name.SequenceEqual("annotations"u8) ? Member.Opaque
            : name.SequenceEqual("user_config"u8) ? Member.Steering
            : name.SequenceEqual("guided_json"u8) ? Member.Free
            : name.SequenceEqual("extra_query"u8) ? Member.Steering
            : name.SequenceEqual("api_version"u8) ? Member.Steering
            : name.SequenceEqual("mcp_servers"u8) ? Member.ProviderTool
            : Member.Other,
        12 =>
            name.SequenceEqual("data_sources"u8) ? Member.ProviderTool
            : name.SequenceEqual("input_schema"u8) ? Member.ToolSchema
            : name.SequenceEqual("conversation"u8) ? Member.Conversation
            : name.SequenceEqual("organization"u8) ? Member.Steering
            : name.SequenceEqual("container_id"u8) ? Member.State
            : Member.Other,
        13 =>
            name.SequenceEqual("function_call"u8) ? Member.Calls
            : name.SequenceEqual("output_schema"u8) ? Member.ToolSchema
            : name.SequenceEqual("enable_search"u8) ? Member.ProviderTool
            : name.SequenceEqual("deployment_id"u8) ? Member.Steering
            : name.SequenceEqual("cachedcontent"u8) ? Member.State
            : name.SequenceEqual("output_format"u8) ? Member.Format
            : name.SequenceEqual("output_config"u8) ? Member.Format
            : name.SequenceEqual("include_usage"u8) ? Member.IncludeUsage
            : name.SequenceEqual("extra_headers"u8) ? Member.Steering
            : Member.Other,
        14 =>
            name.SequenceEqual("cached_content"u8) ? Member.State
            : name.SequenceEqual("collection_ids"u8) ? Member.State
            : name.SequenceEqual("stream_options"u8) ? Member.StreamOptions
            : name.SequenceEqual("input_examples"u8) ? Member.ToolSchema
            : Member.Other,
        15 =>
            name.SequenceEqual("client_metadata"u8) ? Member.Free
            : name.SequenceEqual("vector_store_id"u8) ? Member.State
            : name.SequenceEqual("response_format"u8) ? Member.Format : Member.Other,
        16 => name.SequenceEqual("vector_store_ids"u8) ? Member.State : Member.Other,
        17 =>
            name.SequenceEqual("reasoning_details"u8) ? Member.Opaque
            : name.SequenceEqual("encrypted_content"u8) ? Member.Opaque
            : name.SequenceEqual("search_parameters"u8) ? Member.ProviderTool
            : name.SequenceEqual("max_output_tokens"u8) ? Member.MaxOutputTokens : Member.Other,
        18 =>
            name.SequenceEqual("kv_transfer_params"u8) ? Member.Steering
            : name.SequenceEqual("structured_outputs"u8) ? Member.Free
            : name.SequenceEqual("web_search_options"u8) ? Member.ProviderTool
            : Member.Other,
        19 => name.SequenceEqual("custom_llm_provider"u8) ? Member.Steering : Member.Other,
        20 =>
            name.SequenceEqual("previous_response_id"u8) ? Member.State
            : name.SequenceEqual("chat_template_kwargs"u8) ? Member.Free
            : Member.Other,
        21 => name.SequenceEqual("max_completion_tokens"u8) ? Member.MaxCompletionTokens : Member.Other,
        24 => name.SequenceEqual("provider_specific_fields"u8) ? Member.Opaque : Member.Other,
        _ => Member.Other,
    };
}
