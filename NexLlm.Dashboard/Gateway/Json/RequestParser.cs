using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// The single pass over a body. This part reads the top-level fields, the other part the nested ones. Each step returns false if
/// the body is rejected, with the reason in <see cref="_error"/>.
/// </summary>
internal ref partial struct RequestParser(ApiDescriptor api, ReadOnlySpan<byte> body, Span<ulong> names, ref ScannedRequest found)
{
    private const int MostAnswers = 128;

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly ref ScannedRequest _found = ref found;
    private Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = RequestScanner.Deepest });
    private DuplicateNameDetector _names = new(names);
    private BodyError? _error;
    private bool _hasModel;
    private long _n = 1, _bestOf, _prompts = 1;
    private int _inlineBytes, _inlineHere, _nameAt;

    /// <exception cref="JsonException">The body is not valid JSON.</exception>
    public bool Run(out BodyError? error)
    {
        var right = Body() && Complete();
        error = right ? null : _error;
        return right;
    }

    public readonly void Dispose() => _names.Dispose();

    private bool Body()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject) return Refuse("The request body must be a JSON object, such as {\"model\": ...}.");
        var first = _names.Count;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            if (!Name(first, JsonContext.Body, out var member)) return false;
            _json.Read();
            if (!TopMember(member)) return false;
        }

        if (!_names.Close(first)) return Twice();
        _json.Read();
        return true;
    }

    private readonly int Position => (int)_json.BytesConsumed;

    private bool TopMember(RequestField member) => api.RuleOf(member) switch
    {
        FieldRule.Model => Model(),
        FieldRule.Stream => Stream(),
        FieldRule.StreamOptions => StreamOptions(),
        FieldRule.N => Count("n", ref _n),
        FieldRule.BestOf => Count("best_of", ref _bestOf),
        FieldRule.MaxTokens => Cap("max_tokens", SpliceKind.MaxTokens),
        FieldRule.MaxCompletionTokens => Cap("max_completion_tokens", SpliceKind.MaxCompletionTokens),
        FieldRule.MaxOutputTokens => Cap("max_output_tokens", SpliceKind.MaxOutputTokens),
        FieldRule.Store => Store(),
        FieldRule.ProviderState => IsNothing || Kept(LastName()),
        FieldRule.Prompts => Prompts(),
        FieldRule.Items => Value(JsonContext.Item),
        FieldRule.Messages => Value(JsonContext.Message),
        FieldRule.System => Value(JsonContext.Part),
        FieldRule.Tools => Value(JsonContext.Tool),
        FieldRule.Format => Value(JsonContext.Format),
        FieldRule.Free => Value(JsonContext.Free),
        FieldRule.Steering => Steering(),
        FieldRule.ProviderTools => ProviderTools(),
        FieldRule.PassThrough => Value(JsonContext.Other),
    };

    private bool Complete()
    {
        if (!_hasModel) return RequireModel();
        if (_bestOf != 0 && _bestOf < _n)
            return Refuse("'best_of' must be greater than or equal to 'n'.", "best_of");
        if (api.RequiresCap && _found.Cap is null)
            return Refuse("'max_tokens' is required: a whole number from 1 to 2147483647.", "max_tokens");
        if (!api.CanStream && _found.Stream)
            return Refuse("Embeddings cannot be streamed. Remove 'stream'.", "stream");
        _found.Prompts = _prompts;
        _found.Answers = api.Generates ? _prompts * Math.Max(_n, _bestOf) : 0;
        _found.PromptBytes = _body.Length - _inlineBytes;
        return true;
    }

    private bool Model()
    {
        if (_json.TokenType is JsonTokenType.Null) return true;
        if (_json.TokenType is not JsonTokenType.String) return Refuse("'model' must be a string.", "model");
        Span<char> name = stackalloc char[RequestScanner.LongestModel + 1];
        // Each character takes 1 to 6 bytes, so anything longer is rejected without decoding.
        var length = _json.ValueSpan.Length > RequestScanner.LongestModel * 6 ? name.Length : Copy(name);
        if (length < 0) return Refuse("'model' contains an invalid Unicode escape.", "model");
        if (length > RequestScanner.LongestModel) return Refuse($"'model' must be at most {RequestScanner.LongestModel} characters long.", "model");
        if (name[..length].IsWhiteSpace()) return true;
        _hasModel = true;
        _found.Model = (Position - 1 - _json.ValueSpan.Length)..(Position - 1);
        _found.ModelIsEscaped = _json.ValueIsEscaped;
        return AddSplice(SpliceKind.Model);
    }

    /// <summary>Copies the string, truncated to the available space; returns -1 if it contains a lone surrogate.</summary>
    private readonly int Copy(scoped Span<char> to)
    {
        if (!_json.ValueIsEscaped)
        {
            Encoding.UTF8.TryGetChars(_json.ValueSpan, to, out var written);
            return written == 0 && !_json.ValueSpan.IsEmpty ? to.Length : written;
        }

        Span<char> all = stackalloc char[RequestScanner.LongestModel * 6];
        try
        {
            var written = Math.Min(_json.CopyString(all), to.Length);
            all[..written].CopyTo(to);
            return written;
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }

    private bool RequireModel()
    {
        _error = new BodyError(Verdict.ModelRequired, VerdictErrors.For(Verdict.ModelRequired).Message, "model");
        return false;
    }

    private bool Stream()
    {
        if (!Flag("stream", out var value)) return false;
        _found.Stream = value;
        return true;
    }

    private bool Store() => Flag("store", out _) && AddSplice(SpliceKind.Store);
}
