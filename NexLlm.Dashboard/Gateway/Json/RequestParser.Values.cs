using System.Text.Json;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>Reads the top-level fields whose values matter to the gateway.</summary>
internal ref partial struct RequestParser
{
    private bool Flag(string member, out bool value)
    {
        value = _json.TokenType is JsonTokenType.True;
        return value || _json.TokenType is JsonTokenType.False or JsonTokenType.Null
            || Refuse($"'{member}' must be true or false.", member);
    }

    /// <summary>Reads a whole number of at least 1.</summary>
    /// <param name="isPlain">Whether every reader interprets it the same way; a number with a fraction or an exponent must be rewritten.</param>
    private bool Whole(string member, long most, ref long value, out bool isPlain)
    {
        isPlain = true;
        if (_json.TokenType is JsonTokenType.Null) return true;
        if (_json.TokenType is JsonTokenType.Number)
        {
            isPlain = _json.TryGetInt64(out value);
            if (!isPlain) JsonNumbers.TryReadWhole(_json.ValueSpan, out value);
            if (value >= 1 && value <= most) return true;
        }

        return Refuse($"'{member}' must be a whole number from 1 to {most}.", member);
    }

    private bool Count(string member, ref long value) => Whole(member, MostAnswers, ref value, out var isPlain) && (isPlain || AddSplice(SpliceKind.Number));

    private bool Cap(string member, SpliceKind kind)
    {
        long cap = 0;
        if (!Whole(member, int.MaxValue, ref cap, out _)) return false;
        if (cap > 0) _found.Cap = Math.Min(_found.Cap ?? cap, cap);
        return AddSplice(kind);
    }

    private bool StreamOptions()
    {
        if (_json.TokenType is JsonTokenType.Null) return AddSplice(SpliceKind.NoStreamOptions);
        if (_json.TokenType is not JsonTokenType.StartObject)
            return Refuse("'stream_options' must be an object, such as {\"include_usage\": true}.", "stream_options");
        var brace = _json.TokenStartIndex;
        var first = _names.Count;
        var asked = default(JsonSplice?);
        while (_json.Read() && _json.TokenType is not JsonTokenType.EndObject)
        {
            if (!Name(first, JsonContext.StreamOptions, out var member)) return false;
            _json.Read();
            if (member is not RequestField.IncludeUsage)
            {
                if (!Value(JsonContext.Other)) return false;
                continue;
            }

            if (!Flag("stream_options.include_usage", out var value)) return false;
            _found.IncludeUsage = value;
            asked = new JsonSplice((int)_json.TokenStartIndex, Position, SpliceKind.IncludeUsage, _json.TokenType is JsonTokenType.Null);
        }

        var empty = _names.Count == first;
        if (!_names.Close(first)) return Twice();
        return Add(asked ?? new JsonSplice((int)brace, (int)brace + 1, empty ? SpliceKind.EmptyStreamOptions : SpliceKind.StreamOptions, false));
    }

    /// <summary>A string or an array of tokens is one prompt; an array of those has one prompt per element.</summary>
    private bool Prompts()
    {
        if (_json.TokenType is not JsonTokenType.StartArray) return Value(JsonContext.Other);
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
            // Some providers embed images and more, whose cost only they know.
            _found.HasUnknownPart |= _json.TokenType is JsonTokenType.StartObject;
            if (!Value(JsonContext.Other)) return false;
        }

        _prompts = Math.Max(1, prompts + (hasTokens ? 1 : 0));
        return true;
    }

    /// <summary>Reads a tool run by the provider, or a list of them.</summary>
    private bool ProviderTools()
    {
        if (IsNothing) return true;
        if (_json.TokenType is not JsonTokenType.StartArray)
        {
            _found.ProviderTools++;
            return Value(JsonContext.Other);
        }

        while (_json.Read() && _json.TokenType is not JsonTokenType.EndArray)
        {
            _found.ProviderTools++;
            if (!Value(JsonContext.Other)) return false;
        }

        return true;
    }

    private readonly bool IsNothing => _json.TokenType is JsonTokenType.Null or JsonTokenType.False;

    /// <summary>Reads a field that is allowed only if it has no effect.</summary>
    private bool Kept(string member)
    {
        if (IsNothing) return true;
        _error = BodyError.KeptUpstream(member);
        return false;
    }

    /// <summary>Rejects a field that would route the request elsewhere. Dropping it would ignore the client's intent.</summary>
    private bool Steering()
    {
        if (IsNothing) return true;
        _error = BodyError.Steering(LastName().ToLowerInvariant());
        return false;
    }

    private bool AddSplice(SpliceKind kind) =>
        Add(new JsonSplice((int)_json.TokenStartIndex, Position, kind, _json.TokenType is JsonTokenType.Null));

    // Only a body with a duplicate name has more splices than there is room for.
    private bool Add(JsonSplice splice) => _found.TryAdd(splice) || Twice();

    private bool Twice() => Refuse("A property appears twice in one object. Send it once.");

    private bool Refuse(string message, string? param = null)
    {
        _error = BodyError.Invalid(message, param);
        return false;
    }
}
