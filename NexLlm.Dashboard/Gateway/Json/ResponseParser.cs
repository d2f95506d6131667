using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// Follows the tokens of an event or of a complete response and tracks its position, so that it can stop at any token and resume
/// when more data arrives.
/// </summary>
internal struct ResponseParser(ApiDescriptor api)
{
    public const int Deepest = 64;

    // More than a body can hold with any codec.
    private const int MostSeconds = 1_000_000_000;

    private Areas _areas;
    private ResponseField _field;
    private bool _inChoices, _isEvent;
    private GeneratedText.Piece _reasoning;
    private int _reasoningDepth;

    private enum Area : byte
    {
        /// <summary>Ignored.</summary>
        Aside,
        Top,

        /// <summary>The complete response, in an event that contains it: its usage counts, its text came earlier.</summary>
        Whole,
        Usage,

        /// <summary>A server-specific extension that contains the usage.</summary>
        Extra,

        /// <summary>Usage in a choice or in a server-specific extension.</summary>
        SideUsage,

        /// <summary>Text identified by field names.</summary>
        Text,

        /// <summary>Text in all names and strings, such as tool arguments.</summary>
        Json,
    }

    /// <summary>The figures of the usage object.</summary>
    public ReportedUsage Usage;

    /// <summary>Figures from a choice or a server-specific extension. If two choices have figures, neither counts.</summary>
    public ReportedUsage Side;

    /// <summary>Whether the usage belongs to the complete response within an event.</summary>
    public bool UsageIsOfWhole { get; private set; }

    /// <summary>Whether there are choices, as in every chunk except one that only reports usage.</summary>
    public bool HasChoices { get; private set; }

    public bool IsFinal { get; private set; }

    public bool HasType { get; private set; }

    /// <summary>The length of the recording in seconds, rounded up; 0 if not reported.</summary>
    public long Seconds { get; private set; }

    public static ResponseParser Begin(ApiDescriptor api, bool isEvent) => new(api) { _isEvent = isEvent };

    public void Take(ref Utf8JsonReader json, ref GeneratedText text)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Enter(ref json);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                // The next element of a list has no name, so the name last read inside it must not apply.
                _field = ResponseField.Other;
                _inChoices &= json.CurrentDepth != 1;
                if (json.CurrentDepth < _reasoningDepth) _reasoning = default;
                break;
            case JsonTokenType.PropertyName:
                _field = api.FieldOf(json.ValueSpan);
                if (At(json.CurrentDepth) is Area.Json) text.Add(json.ValueSpan, json.ValueIsEscaped);
                break;
            case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null or JsonTokenType.True or JsonTokenType.False:
                Value(ref json, ref text);
                break;
        }
    }

    private readonly Area At(int depth) => depth == 0 ? Area.Aside : _areas[depth - 1];

    private void Enter(ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        HasChoices |= _inChoices && depth == 2;
        var isObject = json.TokenType is JsonTokenType.StartObject;
        var area = depth == 0 ? (isObject ? Area.Top : Area.Aside) : Below(At(depth), isObject, depth);
        if (area is Area.SideUsage) Side.Begin();
        if (area is Area.Usage && isObject)
        {
            Usage.Begin();
            UsageIsOfWhole = At(depth) is Area.Whole;
        }

        // An object or a list is not a figure.
        if (At(depth) is Area.Usage or Area.SideUsage) ReadFigure(At(depth), ref json);
        if (depth == 1 && !isObject && _field is ResponseField.Choices) _inChoices = true;
        _areas[depth] = area;
    }

    private readonly Area Below(Area area, bool isObject, int depth) => (area, _field) switch
    {
        (Area.Top or Area.Whole, ResponseField.Usage) => isObject ? Area.Usage : Area.Aside,
        (Area.Extra, ResponseField.Usage) => isObject ? Area.SideUsage : Area.Aside,
        (Area.Text, ResponseField.Usage) when _inChoices && depth == 3 => isObject ? Area.SideUsage : Area.Aside,
        (Area.Top, ResponseField.Extra) => Area.Extra,
        (Area.Top, ResponseField.Choices) => Area.Text,
        (Area.Top, ResponseField.Delta or ResponseField.ContentBlock) => api.DeltaHasText ? Area.Text : Area.Aside,
        (Area.Top, ResponseField.Whole) => _isEvent ? Area.Whole : Area.Aside,
        (Area.Top, ResponseField.Output or ResponseField.Content) => _isEvent ? Area.Aside : Area.Text,
        (Area.Text, ResponseField.Aside) => Area.Aside,
        (Area.Text, ResponseField.Input) => Area.Json,
        (Area.Text or Area.Json, _) => area,
        _ => Area.Aside,
    };

    private void Value(ref Utf8JsonReader json, ref GeneratedText text)
    {
        HasChoices |= _inChoices && json.CurrentDepth == 2;
        var area = At(json.CurrentDepth);
        var isString = json.TokenType is JsonTokenType.String;
        switch (area)
        {
            case Area.Top when isString && _field is ResponseField.Type:
                HasType = true;
                IsFinal = api.EndsWith(json.ValueSpan);
                break;
            case Area.Top when isString && _isEvent && api.DeltaIsText && _field is ResponseField.Delta:
            case Area.Top when isString && !_isEvent && api.IsTranscript && _field is ResponseField.Text:
            case Area.Text when isString && _field is ResponseField.Text or ResponseField.Content or ResponseField.Input:
            case Area.Json when isString:
                text.Add(json.ValueSpan, json.ValueIsEscaped);
                break;
            case Area.Text when isString && _field is ResponseField.Reasoning:
                _reasoning = text.AddUnlessRepeated(json.ValueSpan, json.ValueIsEscaped, _reasoning);
                _reasoningDepth = json.CurrentDepth;
                break;
            case Area.Top when _field is ResponseField.Duration:
            case Area.Usage when _field is ResponseField.Seconds:
                ReadSeconds(ref json);
                break;
            case Area.Usage or Area.SideUsage:
                ReadFigure(area, ref json);
                break;
        }
    }

    /// <summary>Reads the length; some servers write it as a string.</summary>
    private void ReadSeconds(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.Number or JsonTokenType.String
            && Utf8Parser.TryParse(json.ValueSpan, out decimal seconds, out var length) && length == json.ValueSpan.Length && seconds is > 0 and < MostSeconds)
        {
            Seconds = Math.Max(Seconds, (long)decimal.Ceiling(seconds));
        }
    }

    private void ReadFigure(Area area, ref Utf8JsonReader json)
    {
        if (FieldOfUsage() is not { } figure) return;
        if (area is Area.Usage) Usage.Read(figure, ref json);
        else Side.Read(figure, ref json);
    }

    private readonly UsageField? FieldOfUsage() => _field switch
    {
        ResponseField.InputTokens => UsageField.Input,
        ResponseField.OutputTokens => UsageField.Output,
        ResponseField.TotalTokens => UsageField.Total,
        ResponseField.CacheCreation => UsageField.CacheCreation,
        ResponseField.CacheRead => UsageField.CacheRead,
        _ => null,
    };

    [InlineArray(Deepest)]
    private struct Areas
    {
        private Area _first;
    }
}
