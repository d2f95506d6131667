namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>The meaning of a request field. Names with the same meaning share a value.</summary>
internal enum RequestField : byte
{
    /// <summary>Passes through unchanged.</summary>
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

    /// <summary>Its value is the client's own JSON.</summary>
    Free,

    /// <summary>The documents to rank: the client's own JSON in the rerank API, unknown elsewhere.</summary>
    Documents,

    /// <summary>
    /// Part of an earlier response sent again: sources, reasoning and data only its provider can read. Names in it are not
    /// resolved.
    /// </summary>
    Opaque,

    /// <summary>The tool calls of a message.</summary>
    Calls,

    /// <summary>The arguments of a tool call.</summary>
    Arguments,

    /// <summary>The action that a client tool was asked to perform.</summary>
    Action,

    /// <summary>A tool run by the provider, or a list of them. What it reads is charged.</summary>
    ProviderTool,

    /// <summary>Would route the request elsewhere, or to a model other than the validated one.</summary>
    Steering,

    /// <summary>Refers to state stored at the provider, where all keys share one credential.</summary>
    State,
}

internal static class RequestFields
{
    public static RequestField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name.SequenceEqual("n"u8) ? RequestField.N : RequestField.Other,
        3 =>
            name.SequenceEqual("env"u8) ? RequestField.Arguments
            : name.SequenceEqual("url"u8) ? RequestField.Url : RequestField.Other,
        4 =>
            name.SequenceEqual("role"u8) ? RequestField.Role
            : name.SequenceEqual("type"u8) ? RequestField.Type
            : name.SequenceEqual("text"u8) ? RequestField.Format
            : name.SequenceEqual("name"u8) ? RequestField.Name
            : name.SequenceEqual("data"u8) ? RequestField.Data
            : RequestField.Other,
        5 =>
            name.SequenceEqual("model"u8) ? RequestField.Model
            : name.SequenceEqual("tools"u8) ? RequestField.Tools
            : name.SequenceEqual("input"u8) ? RequestField.Input
            : name.SequenceEqual("store"u8) ? RequestField.Store
            : name.SequenceEqual("audio"u8) ? RequestField.Audio
            : RequestField.Other,
        6 =>
            name.SequenceEqual("action"u8) ? RequestField.Action
            : name.SequenceEqual("preset"u8) ? RequestField.Steering
            : name.SequenceEqual("stream"u8) ? RequestField.Stream
            : name.SequenceEqual("system"u8) ? RequestField.System
            : name.SequenceEqual("prompt"u8) ? RequestField.Prompt
            : name.SequenceEqual("source"u8) ? RequestField.Source
            : name.SequenceEqual("custom"u8) ? RequestField.Function
            : name.SequenceEqual("output"u8) ? RequestField.Output
            : name.SequenceEqual("schema"u8) ? RequestField.Schema
            : name.SequenceEqual("models"u8) ? RequestField.Steering
            : RequestField.Other,
        7 =>
            name.SequenceEqual("plugins"u8) ? RequestField.ProviderTool
            : name.SequenceEqual("content"u8) ? RequestField.Content
            : name.SequenceEqual("best_of"u8) ? RequestField.BestOf
            : name.SequenceEqual("file_id"u8) ? RequestField.State
            : name.SequenceEqual("api_key"u8) ? RequestField.Steering
            : name.SequenceEqual("project"u8) ? RequestField.Steering
            : name.SequenceEqual("headers"u8) ? RequestField.Steering
            : RequestField.Other,
        8 =>
            name.SequenceEqual("skill_id"u8) ? RequestField.State
            : name.SequenceEqual("messages"u8) ? RequestField.Messages
            : name.SequenceEqual("metadata"u8) ? RequestField.Free
            : name.SequenceEqual("function"u8) ? RequestField.Function
            : name.SequenceEqual("base_url"u8) ? RequestField.Steering
            : name.SequenceEqual("api_base"u8) ? RequestField.Steering
            : name.SequenceEqual("file_ids"u8) ? RequestField.State
            : RequestField.Other,
        9 =>
            name.SequenceEqual("arguments"u8) ? RequestField.Arguments
            : name.SequenceEqual("citations"u8) ? RequestField.Opaque
            : name.SequenceEqual("image_url"u8) ? RequestField.ImageUrl
            : name.SequenceEqual("functions"u8) ? RequestField.Tools
            : name.SequenceEqual("documents"u8) ? RequestField.Documents
            : name.SequenceEqual("container"u8) ? RequestField.State
            : name.SequenceEqual("fallbacks"u8) ? RequestField.Steering
            : RequestField.Other,
        10 =>
            name.SequenceEqual("tool_calls"u8) ? RequestField.Calls
            : name.SequenceEqual("model_list"u8) ? RequestField.Steering
            : name.SequenceEqual("adapter_id"u8) ? RequestField.Steering
            : name.SequenceEqual("max_tokens"u8) ? RequestField.MaxTokens
            : name.SequenceEqual("parameters"u8) ? RequestField.ToolSchema
            : name.SequenceEqual("extra_body"u8) ? RequestField.Steering
            : name.SequenceEqual("background"u8) ? RequestField.Background
            : RequestField.Other,
        11 =>
            name.SequenceEqual("annotations"u8) ? RequestField.Opaque
            : name.SequenceEqual("user_config"u8) ? RequestField.Steering
            : name.SequenceEqual("guided_json"u8) ? RequestField.Free
            : name.SequenceEqual("extra_query"u8) ? RequestField.Steering
            : name.SequenceEqual("api_version"u8) ? RequestField.Steering
            : name.SequenceEqual("mcp_servers"u8) ? RequestField.ProviderTool
            : RequestField.Other,
        12 =>
            name.SequenceEqual("data_sources"u8) ? RequestField.ProviderTool
            : name.SequenceEqual("input_schema"u8) ? RequestField.ToolSchema
            : name.SequenceEqual("conversation"u8) ? RequestField.Conversation
            : name.SequenceEqual("organization"u8) ? RequestField.Steering
            : name.SequenceEqual("container_id"u8) ? RequestField.State
            : RequestField.Other,
        13 =>
            name.SequenceEqual("function_call"u8) ? RequestField.Calls
            : name.SequenceEqual("output_schema"u8) ? RequestField.ToolSchema
            : name.SequenceEqual("enable_search"u8) ? RequestField.ProviderTool
            : name.SequenceEqual("deployment_id"u8) ? RequestField.Steering
            : name.SequenceEqual("cachedcontent"u8) ? RequestField.State
            : name.SequenceEqual("output_format"u8) ? RequestField.Format
            : name.SequenceEqual("output_config"u8) ? RequestField.Format
            : name.SequenceEqual("include_usage"u8) ? RequestField.IncludeUsage
            : name.SequenceEqual("extra_headers"u8) ? RequestField.Steering
            : RequestField.Other,
        14 =>
            name.SequenceEqual("cached_content"u8) ? RequestField.State
            : name.SequenceEqual("collection_ids"u8) ? RequestField.State
            : name.SequenceEqual("stream_options"u8) ? RequestField.StreamOptions
            : name.SequenceEqual("input_examples"u8) ? RequestField.ToolSchema
            : RequestField.Other,
        15 =>
            name.SequenceEqual("client_metadata"u8) ? RequestField.Free
            : name.SequenceEqual("vector_store_id"u8) ? RequestField.State
            : name.SequenceEqual("response_format"u8) ? RequestField.Format : RequestField.Other,
        16 => name.SequenceEqual("vector_store_ids"u8) ? RequestField.State : RequestField.Other,
        17 =>
            name.SequenceEqual("reasoning_details"u8) ? RequestField.Opaque
            : name.SequenceEqual("encrypted_content"u8) ? RequestField.Opaque
            : name.SequenceEqual("search_parameters"u8) ? RequestField.ProviderTool
            : name.SequenceEqual("max_output_tokens"u8) ? RequestField.MaxOutputTokens : RequestField.Other,
        18 =>
            name.SequenceEqual("kv_transfer_params"u8) ? RequestField.Steering
            : name.SequenceEqual("structured_outputs"u8) ? RequestField.Free
            : name.SequenceEqual("web_search_options"u8) ? RequestField.ProviderTool
            : RequestField.Other,
        19 => name.SequenceEqual("custom_llm_provider"u8) ? RequestField.Steering : RequestField.Other,
        20 =>
            name.SequenceEqual("previous_response_id"u8) ? RequestField.State
            : name.SequenceEqual("chat_template_kwargs"u8) ? RequestField.Free
            : RequestField.Other,
        21 => name.SequenceEqual("max_completion_tokens"u8) ? RequestField.MaxCompletionTokens : RequestField.Other,
        24 => name.SequenceEqual("provider_specific_fields"u8) ? RequestField.Opaque : RequestField.Other,
        _ => RequestField.Other,
    };
}
