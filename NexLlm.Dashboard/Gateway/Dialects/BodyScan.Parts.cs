using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>What stands below the body's own members: messages, their parts, tools.</summary>
internal ref partial struct BodyScan
{
    /// <summary>What an object is, by where it stands. Arrays count as their elements.</summary>
    private enum Place : byte
    {
        Body,
        StreamOptions,
        Message,

        /// <summary>Of the Responses API's <c>input</c>: a message or another step of the conversation.</summary>
        Item,
        Part,
        ImageUrl,
        Source,
        Tool,
        Function,
        Format,

        /// <summary>Known to nobody here, but perhaps to an upstream.</summary>
        Other,

        /// <summary>The client's own JSON, which no upstream takes for instructions.</summary>
        Free,
    }

    private enum Kind : byte
    {
        None,
        Text,
        Image,
        Reference,
        Base64,
        Unknown,
    }

    private struct ObjectSeen
    {
        public Kind Kind;
        public bool HasRole;
        public int DataBytes;
    }

    /// <summary>Reads the rest of the value that the reader stands on.</summary>
    private bool Value(Place place)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(place);
            case JsonTokenType.StartArray:
                var element = place is Place.ImageUrl or Place.Source ? Place.Other : place;
                while (_json.Read() && _json.TokenType is not JsonTokenType.EndArray)
                {
                    if (!Value(element)) return false;
                }

                return true;
            case JsonTokenType.String when place is Place.ImageUrl:
                ImageUrl();
                return true;
            default:
                return true;
        }
    }

    private bool Object(Place place)
    {
        var seen = default(ObjectSeen);
        var first = _names.Count;
        var inlineOutside = _inlineHere;
        if (place is Place.Part) _inlineHere = 0;
        while (_json.Read() && _json.TokenType is not JsonTokenType.EndObject)
        {
            if (!Name(first, place, out var member)) return false;
            _json.Read();
            if (place is Place.Free ? !Value(Place.Free) : !NestedMember(place, member, ref seen)) return false;
        }

        if (!_names.Close(first)) return Twice();
        if (!End(place, seen)) return false;
        if (place is Place.Part) _inlineHere = inlineOutside;
        return true;
    }

    private bool NestedMember(Place place, Member member, ref ObjectSeen seen)
    {
        switch (member)
        {
            case Member.State:
                return Kept(LastName());
            case Member.Audio when place is Place.Message:
                return Kept("audio");
            case Member.Type:
                seen.Kind = KindOf(place);
                break;
            case Member.Role:
                seen.HasRole = true;
                break;
            case Member.Data when _json.TokenType is JsonTokenType.String:
                seen.DataBytes = _json.ValueSpan.Length;
                break;
        }

        return Value(Below(place, member));
    }

    private static Place Below(Place place, Member member) => (place, member) switch
    {
        (Place.Message or Place.Item or Place.Part or Place.Source, Member.Content) => Place.Part,
        (Place.Item, Member.Output) => Place.Part,
        (Place.Item, Member.Tools) => Place.Tool,
        (Place.Part, Member.ImageUrl) => Place.ImageUrl,
        (Place.Part, Member.Source) => Place.Source,
        (Place.Part, Member.Input) => Place.Free,
        (Place.ImageUrl, Member.Url) => Place.ImageUrl,
        (Place.Tool, Member.Function) => Place.Function,
        (Place.Tool or Place.Function, Member.ToolSchema) => Place.Free,
        (Place.Format, Member.Schema) => Place.Free,
        (Place.Format, _) => Place.Format,
        _ => Place.Other,
    };

    /// <summary>What the object's <c>type</c> says about it.</summary>
    private readonly Kind KindOf(Place place)
    {
        if (_json.TokenType is JsonTokenType.Null) return Kind.None;
        if (_json.TokenType is not JsonTokenType.String) return Kind.Unknown;
        return place switch
        {
            Place.Part => Is("text"u8, "input_text"u8) || Is("output_text"u8, "refusal"u8) || Is("tool_use"u8, "tool_result"u8)
                || Is("thinking"u8, "redacted_thinking"u8) || Is("summary_text"u8, "reasoning_text"u8) || Is("search_result"u8) ? Kind.Text
                : Is("image_url"u8, "input_image"u8) || Is("image"u8) ? Kind.Image : Kind.Unknown,
            Place.Item => Is("message"u8, "reasoning"u8) || Is("function_call"u8, "function_call_output"u8)
                || Is("custom_tool_call"u8, "custom_tool_call_output"u8) ? Kind.Text
                : Is("item_reference"u8) ? Kind.Reference : Kind.Unknown,
            Place.Tool => Is("function"u8, "custom"u8) ? Kind.Text : Kind.Unknown,
            Place.Source => Is("base64"u8) ? Kind.Base64 : Kind.Text,
            _ => Kind.None,
        };
    }

    private readonly bool Is(ReadOnlySpan<byte> text) => _json.ValueTextEquals(text);

    private readonly bool Is(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Is(a) || Is(b);

    private bool End(Place place, in ObjectSeen seen)
    {
        switch (place)
        {
            case Place.Part when seen.Kind is Kind.Image:
                _found.Images++;
                _inlineBytes += _inlineHere;
                break;
            case Place.Part:
                _found.HasUnknownPart |= seen.Kind is not Kind.Text;
                break;
            // One that says neither what it is nor who speaks is taken for a reference by its id.
            case Place.Item when seen.Kind is Kind.Reference || (seen.Kind is Kind.None && !seen.HasRole):
                return Kept("item_reference");
            case Place.Item or Place.Tool:
                _found.HasUnknownPart |= seen.Kind is Kind.Unknown;
                break;
            case Place.Source when seen.Kind is Kind.Base64:
                _inlineHere += seen.DataBytes;
                break;
        }

        return true;
    }

    /// <summary>An image by its address, or in it.</summary>
    private void ImageUrl()
    {
        var url = _json.ValueSpan;
        if (!url.StartsWith("data:"u8)) return;
        _inlineHere += url.Length;
        // Some upstreams read documents this way.
        _found.HasUnknownPart |= !url.StartsWith("data:image/"u8) && !url.StartsWith(@"data:image\/"u8);
    }
}
