using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The role of an object given its position. Arrays are treated like their elements.</summary>
internal enum JsonContext : byte
{
    Body,
    StreamOptions,
    Message,

    /// <summary>An element of the Responses API's <c>input</c>: a message or another item of the conversation.</summary>
    Item,
    Part,

    /// <summary>The output of a tool: parts, or the tool's own objects.</summary>
    Output,
    ImageUrl,
    Source,
    Tool,
    Function,

    /// <summary>A tool call in an earlier response.</summary>
    Call,
    Format,

    /// <summary>Unknown to the gateway, but perhaps not to the provider.</summary>
    Other,

    /// <summary>The client's own JSON, which no provider interprets as instructions.</summary>
    Free,
}

internal static class Places
{
    /// <summary>The place of a field's value in an object at this place.</summary>
    public static JsonContext Below(this JsonContext place, RequestField member) => (place, member) switch
    {
        (JsonContext.Message or JsonContext.Item or JsonContext.Part or JsonContext.Output or JsonContext.Source, RequestField.Content) => JsonContext.Part,
        (JsonContext.Message or JsonContext.Item or JsonContext.Part or JsonContext.Output or JsonContext.Call, RequestField.Free or RequestField.Opaque) => JsonContext.Free,
        (JsonContext.Message, RequestField.Calls) => JsonContext.Call,
        (JsonContext.Item, RequestField.Output) => JsonContext.Output,
        (JsonContext.Item, RequestField.Tools) => JsonContext.Tool,
        (JsonContext.Item, RequestField.Action) => JsonContext.Call,
        (JsonContext.Part or JsonContext.Output, RequestField.ImageUrl) => JsonContext.ImageUrl,
        (JsonContext.Part or JsonContext.Output, RequestField.Source) => JsonContext.Source,
        (JsonContext.Item or JsonContext.Part or JsonContext.Call, RequestField.Input or RequestField.Arguments) => JsonContext.Free,
        (JsonContext.Call, RequestField.Function) => JsonContext.Call,
        (JsonContext.ImageUrl, RequestField.Url) => JsonContext.ImageUrl,
        (JsonContext.Tool, RequestField.Function) => JsonContext.Function,
        (JsonContext.Tool, RequestField.Tools) => JsonContext.Tool,
        (JsonContext.Tool or JsonContext.Function, RequestField.ToolSchema) => JsonContext.Free,
        (JsonContext.Format, RequestField.Schema) => JsonContext.Free,
        (JsonContext.Format, _) => JsonContext.Format,
        _ => JsonContext.Other,
    };
}
