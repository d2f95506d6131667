using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>What an object is, by where it stands. Arrays count as their elements.</summary>
internal enum Place : byte
{
    Body,
    StreamOptions,
    Message,

    /// <summary>Of the Responses API's <c>input</c>: a message or another step of the conversation.</summary>
    Item,
    Part,

    /// <summary>What a tool answered: parts, or objects of the tool's own.</summary>
    Output,
    ImageUrl,
    Source,
    Tool,
    Function,

    /// <summary>Of a tool, in an earlier answer.</summary>
    Call,
    Format,

    /// <summary>Known to nobody here, but perhaps to an upstream.</summary>
    Other,

    /// <summary>The client's own JSON, which no upstream takes for instructions.</summary>
    Free,
}

internal static class Places
{
    /// <summary>Of the value of a field in an object at this place.</summary>
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
