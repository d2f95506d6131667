using System.Text.Json;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>Reads what is nested below the top-level fields: messages, their parts and tools.</summary>
internal ref partial struct RequestParser
{
    private struct ObjectSeen
    {
        public ObjectKind Kind;
        public bool HasRole, HasName;
        public int DataBytes;
    }

    /// <summary>Reads the rest of the current value.</summary>
    private bool Value(JsonContext place)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(place);
            case JsonTokenType.StartArray:
                var element = place is JsonContext.ImageUrl or JsonContext.Source ? JsonContext.Other : place;
                while (_json.Read() && _json.TokenType is not JsonTokenType.EndArray)
                {
                    if (!Value(element)) return false;
                }

                return true;
            case JsonTokenType.String when place is JsonContext.ImageUrl:
                ImageUrl();
                return true;
            default:
                return true;
        }
    }

    private bool Object(JsonContext place)
    {
        var seen = default(ObjectSeen);
        var first = _names.Count;
        var inlineOutside = _inlineHere;
        if (place is JsonContext.Part or JsonContext.Output) _inlineHere = 0;
        while (_json.Read() && _json.TokenType is not JsonTokenType.EndObject)
        {
            if (!Name(first, place, out var member)) return false;
            _json.Read();
            if (place is JsonContext.Free ? !Value(JsonContext.Free) : !NestedMember(place, member, ref seen)) return false;
        }

        if (!_names.Close(first)) return Twice();
        if (!End(place, seen)) return false;
        if (place is JsonContext.Part or JsonContext.Output) _inlineHere = inlineOutside;
        return true;
    }

    private bool NestedMember(JsonContext place, RequestField member, ref ObjectSeen seen)
    {
        switch (member)
        {
            case RequestField.State:
                return Kept(LastName());
            case RequestField.Audio when place is JsonContext.Message:
                return Kept("audio");
            case RequestField.Type:
                seen.Kind = ObjectKinds.Of(in _json, place);
                break;
            case RequestField.Role:
                seen.HasRole = true;
                break;
            case RequestField.Name or RequestField.Function:
                seen.HasName = true;
                break;
            case RequestField.Data when _json.TokenType is JsonTokenType.String:
                seen.DataBytes = _json.ValueSpan.Length;
                break;
        }

        return Value(place.Below(member));
    }

    private bool End(JsonContext place, in ObjectSeen seen)
    {
        switch (place)
        {
            case JsonContext.Part or JsonContext.Output when seen.Kind is ObjectKind.Image:
                _found.Images++;
                _inlineBytes += _inlineHere;
                break;
            case JsonContext.Part:
                _found.HasUnknownPart |= seen.Kind is not ObjectKind.Text;
                break;
            // An item with neither a type nor a role is treated as a reference by its id.
            case JsonContext.Item when seen.Kind is ObjectKind.Reference || (seen.Kind is ObjectKind.None && !seen.HasRole):
                return Kept("item_reference");
            case JsonContext.Item or JsonContext.Output:
                _found.HasUnknownPart |= seen.Kind is ObjectKind.Unknown;
                break;
            // Google's tools have no type, while client tools have a name in all APIs.
            case JsonContext.Tool when seen.Kind is ObjectKind.Unknown || (seen.Kind is ObjectKind.None && !seen.HasName):
                _found.ProviderTools++;
                break;
            case JsonContext.Source when seen.Kind is ObjectKind.Base64:
                _inlineHere += seen.DataBytes;
                break;
        }

        return true;
    }

    /// <summary>Reads an image URL or an inline image.</summary>
    private void ImageUrl()
    {
        var url = _json.ValueSpan;
        if (!url.StartsWith("data:"u8)) return;
        _inlineHere += url.Length;
        // Some providers read documents this way.
        _found.HasUnknownPart |= !url.StartsWith("data:image/"u8) && !url.StartsWith(@"data:image\/"u8);
    }
}
