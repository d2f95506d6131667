using System.Buffers;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>
/// Measures a body validated by <see cref="RequestScanner"/> in a second pass. Only the media APIs need it, so text APIs stay as
/// fast as they are.
/// </summary>
internal ref struct MediaJsonParser(UpstreamApi api, ReadOnlySpan<byte> body)
{
    private Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = RequestScanner.Deepest });
    private long _characters, _queryBytes, _imageBytes;
    private long _texts = 1;
    private int _images;
    private bool _streams;

    /// <param name="body">The scanned body.</param>
    /// <returns>Null if the body is rejected.</returns>
    public static MediaRequest? Of(UpstreamApi api, ReadOnlySpan<byte> body, ref ScannedRequest found, out BodyError? error)
    {
        var measures = new MediaJsonParser(api, body);
        error = measures.Read();
        if (error is not null) return null;
        found.Stream |= measures._streams;
        found.Images = measures._images;
        return new MediaRequest
        {
            Answers = DialectRegistry.Describe(api).Media!.Makes is MediaOutput.Images ? found.Answers : 1,
            Characters = measures._characters,
            // The query is read again with each document.
            TextBytes = body.Length - measures._imageBytes + (measures._queryBytes * measures._texts),
            Images = measures._images,
            Texts = measures._texts,
        };
    }

    private BodyError? Read()
    {
        _json.Read();
        while (_json.Read() && _json.TokenType is JsonTokenType.PropertyName)
        {
            var name = _json.GetString()!;
            _json.Read();
            if (Member(name) is { } wrong) return wrong;
        }

        return null;
    }

    private BodyError? Member(string name)
    {
        switch (api, name)
        {
            case (UpstreamApi.Speech, "voice") when _json.TokenType is JsonTokenType.StartObject:
                return BodyError.KeptUpstream("voice");
            case (UpstreamApi.Speech, "stream_format"):
                _streams = _json.TokenType is JsonTokenType.String && _json.ValueTextEquals("sse"u8);
                break;
            case (UpstreamApi.Speech or UpstreamApi.Moderations, "input"):
            case (UpstreamApi.Rerank, "documents" or "texts"):
                Texts();
                return null;
            case (UpstreamApi.Rerank, "query"):
                _queryBytes = _json.TokenType is JsonTokenType.String ? _json.ValueSpan.Length : 0;
                Text();
                break;
            case (UpstreamApi.ImageGenerations or UpstreamApi.ImageEdits, "image" or "images" or "mask" or "image_url" or "input_image" or "input_images" or "reference_images"):
                Images();
                return null;
        }

        _json.Skip();
        return null;
    }

    /// <summary>Measures all strings of the value except image URLs.</summary>
    private void Texts()
    {
        var top = _json.CurrentDepth;
        if (_json.TokenType is not JsonTokenType.StartArray and not JsonTokenType.StartObject)
        {
            Text();
            return;
        }

        var elements = 0;
        var isAddress = false;
        while (_json.Read() && _json.CurrentDepth > top)
        {
            if (_json.TokenType is JsonTokenType.PropertyName)
            {
                isAddress = _json.ValueTextEquals("url"u8) || _json.ValueTextEquals("image_url"u8);
                continue;
            }

            if (!isAddress) Text();
            isAddress = false;
            elements += _json.CurrentDepth == top + 1 && _json.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject) ? 1 : 0;
        }

        _texts = Math.Max(1, elements);
    }

    private void Text()
    {
        if (_json.TokenType is not JsonTokenType.String) return;
        if (!_json.ValueIsEscaped)
        {
            _characters += Encoding.UTF8.GetCharCount(_json.ValueSpan);
            return;
        }

        var buffer = ArrayPool<char>.Shared.Rent(_json.ValueSpan.Length);
        try
        {
            _characters += _json.CopyString(buffer);
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate; there are no more characters than bytes.
            _characters += _json.ValueSpan.Length;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads an image or a list of images. They are not text, so their bytes bound nothing.</summary>
    private void Images()
    {
        var top = _json.CurrentDepth;
        var start = _json.TokenStartIndex;
        switch (_json.TokenType)
        {
            case JsonTokenType.Null:
                return;
            case JsonTokenType.StartArray:
                while (_json.Read() && _json.CurrentDepth > top)
                {
                    _images += _json.CurrentDepth == top + 1 && _json.TokenType is JsonTokenType.String or JsonTokenType.StartObject ? 1 : 0;
                    _json.Skip();
                }

                break;
            default:
                _images++;
                _json.Skip();
                break;
        }

        _imageBytes += _json.BytesConsumed - start;
    }
}
