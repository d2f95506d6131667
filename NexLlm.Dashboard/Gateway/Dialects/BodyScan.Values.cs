using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>Values of the body's own members that are read for what they say.</summary>
internal ref partial struct BodyScan
{
    private bool Flag(string member, out bool value)
    {
        value = _json.TokenType is JsonTokenType.True;
        return value || _json.TokenType is JsonTokenType.False or JsonTokenType.Null
            || Refuse($"'{member}' is neither true nor false. Send one of them, or leave it out.", member);
    }

    /// <summary>A whole number from 1 on. One with a fraction or an exponent is refused even if it is whole: readers differ over those.</summary>
    private bool Whole(string member, long most, ref long value)
    {
        if (_json.TokenType is JsonTokenType.Null) return true;
        return (_json.TokenType is JsonTokenType.Number && _json.TryGetInt64(out value) && value >= 1 && value <= most)
            || Refuse($"'{member}' is out of range. Send a whole number from 1 to {most}, without fraction and exponent.", member);
    }

    private bool Cap(string member, EditKind kind)
    {
        long cap = 0;
        if (!Whole(member, int.MaxValue, ref cap)) return false;
        if (cap > 0) _found.Cap = Math.Min(_found.Cap ?? cap, cap);
        return Edit(kind);
    }

    private bool StreamOptions()
    {
        if (_json.TokenType is JsonTokenType.Null) return Edit(EditKind.NoStreamOptions);
        if (_json.TokenType is not JsonTokenType.StartObject)
            return Refuse("'stream_options' is not an object. Send {\"include_usage\": true}, or leave it out.", "stream_options");
        var brace = _json.TokenStartIndex;
        var first = _names.Count;
        var asked = default(Edit?);
        while (_json.Read() && _json.TokenType is not JsonTokenType.EndObject)
        {
            if (!Name(first, Place.StreamOptions, out var member)) return false;
            _json.Read();
            if (member is not Member.IncludeUsage)
            {
                if (!Value(Place.Other)) return false;
                continue;
            }

            if (!Flag("stream_options.include_usage", out var value)) return false;
            _found.IncludeUsage = value;
            asked = new Edit((int)_json.TokenStartIndex, Position, EditKind.IncludeUsage, _json.TokenType is JsonTokenType.Null);
        }

        var empty = _names.Count == first;
        if (!_names.Close(first)) return Twice();
        return Add(asked ?? new Edit((int)brace, (int)brace + 1, empty ? EditKind.EmptyStreamOptions : EditKind.StreamOptions, false));
    }

    /// <summary>One string or array of tokens is one prompt; an array of those is as many as it has elements.</summary>
    private bool Prompts()
    {
        if (_json.TokenType is not JsonTokenType.StartArray) return Value(Place.Other);
        long prompts = 0;
        var hasTokens = false;
        while (_json.Read() && _json.TokenType is not JsonTokenType.EndArray)
        {
            if (_json.TokenType is JsonTokenType.Number)
            {
                hasTokens = true;
                continue;
            }

            prompts++;
            // Some upstreams embed images and more; what those cost is theirs to know.
            _found.HasUnknownPart |= _json.TokenType is JsonTokenType.StartObject;
            if (!Value(Place.Other)) return false;
        }

        _prompts = Math.Max(1, prompts + (hasTokens ? 1 : 0));
        return true;
    }

    private bool ProviderTool()
    {
        _found.HasUnknownPart |= !IsNothing;
        return Value(Place.Other);
    }

    private readonly bool IsNothing => _json.TokenType is JsonTokenType.Null or JsonTokenType.False;

    /// <summary>What may only stand there when it says nothing.</summary>
    private bool Kept(string member)
    {
        if (IsNothing) return true;
        _error = BodyError.KeptUpstream(member);
        return false;
    }

    private bool Edit(EditKind kind) =>
        Add(new Edit((int)_json.TokenStartIndex, Position, kind, _json.TokenType is JsonTokenType.Null));

    private bool Drop(int start) => Add(new Edit(start, Position, EditKind.Drop, false));

    // Only a body that names a member twice has more edits than there is room for.
    private bool Add(Edit edit) => _found.TryAdd(edit) || Twice();

    private bool Twice() => Refuse("The body names a member twice in one object. Send each member once.");

    private bool Refuse(string message, string? param = null)
    {
        _error = BodyError.Invalid(message, param);
        return false;
    }
}
