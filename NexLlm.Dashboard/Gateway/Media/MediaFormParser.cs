using System.Globalization;
using System.Text;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>Reads the form fields the gateway needs, and rejects what the JSON version would not allow either.</summary>
internal ref struct MediaFormParser(UpstreamApi api, ReadOnlySpan<byte> body, ref ScannedRequest found)
{
    private const int MostAnswers = 128;

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly ref ScannedRequest _found = ref found;
    private bool _hasModel, _hasUnknownPart;
    private long _answers = 1, _textBytes, _audioBytes;
    private int _images;

    /// <returns>Null if the form is rejected.</returns>
    public static MediaRequest? Of(UpstreamApi api, MultipartForm form, ReadOnlySpan<byte> body, ref ScannedRequest found, out BodyError? error)
    {
        var measures = new MediaFormParser(api, body, ref found);
        error = measures.Read(form);
        return error is null ? measures.Result(form) : null;
    }

    private BodyError? Read(MultipartForm form)
    {
        foreach (var field in form.Fields)
        {
            if (Field(field) is { } wrong) return wrong;
        }

        return !_hasModel ? new BodyError(Verdict.ModelRequired, "Missing required field: 'model'.", "model")
            : Recording is { } needed && _audioBytes == 0 && !_hasUnknownPart ? BodyError.Invalid($"Missing required file: '{needed}'.", needed)
            : null;
    }

    private readonly string? Recording => api is UpstreamApi.ImageEdits ? null : "file";

    private BodyError? Field(in FormField field)
    {
        var name = field.BaseName.ToString();
        var lower = name.ToLowerInvariant();
        var meaning = Meaning(lower);
        if (meaning is not Means.Other && name != lower) return BodyError.Invalid($"'{name}' must be written in lower case.", name);
        switch (meaning)
        {
            case Means.State:
                return BodyError.KeptUpstream(name);
            case Means.Steering:
                return BodyError.Steering(name);
            case Means.Single when field.IsFile || field.Name != name:
                return BodyError.Invalid($"'{name}' must be a single text field.", name);
            case Means.File when !field.IsFile:
                return BodyError.Invalid($"'{name}' must be a file. URLs and file IDs are not supported.", name);
        }

        var length = _body[field.Value].Length;
        switch (lower)
        {
            case "model":
                return Model(field);
            case "n":
                return Whole(field);
            case "stream":
                return Stream(field);
            case "file":
                _audioBytes += length;
                break;
            case "image" or "mask":
                _images++;
                break;
            default:
                _textBytes += length;
                _hasUnknownPart |= field.IsFile || lower is "url";
                break;
        }

        return null;
    }

    private enum Means
    {
        Other,
        Single,
        File,
        State,
        Steering,
    }

    private readonly Means Meaning(string name) => name switch
    {
        "model" or "n" or "stream" => Means.Single,
        "file" when api is not UpstreamApi.ImageEdits => Means.File,
        "image" or "mask" when api is UpstreamApi.ImageEdits => Means.File,
        _ => RequestFields.Find(Encoding.UTF8.GetBytes(name)) switch
        {
            RequestField.State or RequestField.Conversation => Means.State,
            RequestField.Steering => Means.Steering,
            _ => Means.Other,
        },
    };

    private BodyError? Model(in FormField field)
    {
        var value = _body[field.Value];
        if (Encoding.UTF8.GetCharCount(value) > RequestScanner.LongestModel) return BodyError.Invalid($"'model' must be at most {RequestScanner.LongestModel} characters long.", "model");
        _hasModel = !string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(value));
        _found.Model = field.Value;
        return null;
    }

    private BodyError? Whole(in FormField field)
    {
        var text = Encoding.UTF8.GetString(_body[field.Value]);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= MostAnswers && Set(n)
            ? null
            : BodyError.Invalid($"'n' must be a whole number from 1 to {MostAnswers}.", "n");
    }

    private bool Set(int answers)
    {
        _answers = answers;
        return true;
    }

    private readonly BodyError? Stream(in FormField field)
    {
        var text = Encoding.UTF8.GetString(_body[field.Value]);
        _found.Stream = text is "true";
        return text is "true" or "false" ? null : BodyError.Invalid("'stream' must be 'true' or 'false'.", "stream");
    }

    private readonly MediaRequest Result(MultipartForm form)
    {
        _found.Answers = _answers;
        _found.Prompts = 1;
        _found.Images = _images;
        _found.PromptBytes = (int)_textBytes;
        return new MediaRequest
        {
            Form = form,
            Answers = _answers,
            Images = _images,
            TextBytes = _textBytes,
            AudioBytes = _audioBytes,
            HasUnknownPart = _hasUnknownPart,
        };
    }
}
