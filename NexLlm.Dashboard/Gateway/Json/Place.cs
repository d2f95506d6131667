using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The role of an object given its position. Arrays are treated like their elements.</summary>
internal enum Place : byte
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
    public static Place Below(this Place place, RequestField member) => (place, member) switch
    {
        (Place.Message or Place.Item or Place.Part or Place.Output or Place.Source, RequestField.Content) => Place.Part,
        (Place.Message or Place.Item or Place.Part or Place.Output or Place.Call, RequestField.Free or RequestField.Opaque) => Place.Free,
        (Place.Message, RequestField.Calls) => Place.Call,
        (Place.Item, RequestField.Output) => Place.Output,
        (Place.Item, RequestField.Tools) => Place.Tool,
        (Place.Item, RequestField.Action) => Place.Call,
        (Place.Part or Place.Output, RequestField.ImageUrl) => Place.ImageUrl,
        (Place.Part or Place.Output, RequestField.Source) => Place.Source,
        (Place.Item or Place.Part or Place.Call, RequestField.Input or RequestField.Arguments) => Place.Free,
        (Place.Call, RequestField.Function) => Place.Call,
        (Place.ImageUrl, RequestField.Url) => Place.ImageUrl,
        (Place.Tool, RequestField.Function) => Place.Function,
        (Place.Tool, RequestField.Tools) => Place.Tool,
        (Place.Tool or Place.Function, RequestField.ToolSchema) => Place.Free,
        (Place.Format, RequestField.Schema) => Place.Free,
        (Place.Format, _) => Place.Format,
        _ => Place.Other,
    };
}
