using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Dialects;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>Writes the upstream body: the validated bytes, except for the few the gateway replaces.</summary>
/// <param name="cap">The output cap to send, never above the client's own; null for none.</param>
/// <param name="askUsage">Whether to request a stream's usage although the client didn't.</param>
public readonly ref struct BodyRewriter(UpstreamApi api, ReadOnlySpan<byte> body, in ScannedRequest found, string model, long? cap, bool askUsage)
{
    private static readonly SearchValues<char> _plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:/@+ ");

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly ref readonly ScannedRequest _found = ref found;
    private readonly ApiDescriptor _api = DialectRegistry.Describe(api);
    private readonly SpliceKind _capMember = CapMember(api, model);

    /// <summary>Writes the body, unless it can be sent unchanged: then it returns false and writes nothing.</summary>
    /// <param name="body">The scanned body.</param>
    /// <param name="found">The result of the scan.</param>
    /// <param name="upstreamModel">The provider's name of the model.</param>
    /// <param name="cap">The maximum tokens of a response if below the client's own cap or if it sent none; null keeps the client's.</param>
    /// <param name="askUsage">Whether to request a stream's usage although the client didn't.</param>
    public static bool TryRewrite(
        UpstreamApi api, ReadOnlySpan<byte> body, in ScannedRequest found, string upstreamModel, long? cap, IBufferWriter<byte> to, bool askUsage = true)
    {
        if (found.Answers == 0) cap = null;
        else if (found.Cap < (cap ?? long.MaxValue)) cap = found.Cap;
        var rewriter = new BodyRewriter(api, body, in found, upstreamModel, cap, askUsage);
        if (rewriter.ChangesNothing) return false;
        rewriter.WriteTo(to);
        return true;
    }

    private bool ChangesNothing
    {
        get
        {
            if (AddsStore || AddsStreamOptions || AddsCap) return false;
            foreach (var splice in _found.Splices)
            {
                if (Applies(splice)) return false;
            }

            return true;
        }
    }

    private void WriteTo(IBufferWriter<byte> to)
    {
        // The scan ensures that the body has at least one field, so an inserted field ends with a comma.
        var brace = _body.IndexOf((byte)'{') + 1;
        to.Write(_body[..brace]);
        if (AddsStore) to.Write("\"store\":false,"u8);
        if (AddsCap) AddCap(to);
        if (AddsStreamOptions) to.Write("\"stream_options\":{\"include_usage\":true},"u8);
        var written = brace;
        foreach (var splice in _found.Splices)
        {
            if (!Applies(splice)) continue;
            to.Write(_body[written..splice.Start]);
            Write(splice, to);
            written = splice.End;
        }

        to.Write(_body[written..]);
    }

    // A provider that stores data by default must be told not to.
    private bool AddsStore => _api.StoresByDefault && !_found.Has(SpliceKind.Store);

    private bool AddsCap => cap is not null && _found.Cap is null && !_found.Has(_capMember);

    private bool ForcesUsage =>
        askUsage && _found.Stream && !_found.IncludeUsage && _api.HasUsageOption;

    private bool AddsStreamOptions => ForcesUsage
        && !_found.Has(SpliceKind.IncludeUsage) && !_found.Has(SpliceKind.StreamOptions)
        && !_found.Has(SpliceKind.EmptyStreamOptions) && !_found.Has(SpliceKind.NoStreamOptions);

    private bool Applies(in JsonSplice splice)
    {
        var value = _body[splice.Start..splice.End];
        return splice.Kind switch
        {
            SpliceKind.Number => true,
            SpliceKind.Model => _found.ModelIsEscaped || !Ascii.Equals(_body[_found.Model], model),
            SpliceKind.MaxTokens or SpliceKind.MaxCompletionTokens or SpliceKind.MaxOutputTokens => splice.IsNull
                ? cap is not null && _found.Cap is null && splice.Kind == _capMember
                : !Utf8Parser.TryParse(value, out long own, out var length) || length != value.Length || own != cap,
            SpliceKind.Store => splice.IsNull ? _api.StoresByDefault : !value.SequenceEqual("false"u8),
            SpliceKind.IncludeUsage or SpliceKind.StreamOptions or SpliceKind.EmptyStreamOptions or SpliceKind.NoStreamOptions => ForcesUsage,
        };
    }

    private void Write(in JsonSplice splice, IBufferWriter<byte> to)
    {
        switch (splice.Kind)
        {
            case SpliceKind.Number:
                JsonNumbers.TryReadWhole(_body[splice.Start..splice.End], out var whole);
                Write(whole, to);
                break;
            case SpliceKind.Model:
                WriteModel(to);
                break;
            case SpliceKind.MaxTokens or SpliceKind.MaxCompletionTokens or SpliceKind.MaxOutputTokens:
                Write(cap!.Value, to);
                break;
            case SpliceKind.Store:
                to.Write("false"u8);
                break;
            case SpliceKind.IncludeUsage:
                to.Write("true"u8);
                break;
            case SpliceKind.StreamOptions:
                to.Write("{\"include_usage\":true,"u8);
                break;
            case SpliceKind.EmptyStreamOptions:
                to.Write("{\"include_usage\":true"u8);
                break;
            case SpliceKind.NoStreamOptions:
                to.Write("{\"include_usage\":true}"u8);
                break;
        }
    }

    private void AddCap(IBufferWriter<byte> to)
    {
        to.Write(_capMember switch
        {
            SpliceKind.MaxOutputTokens => "\"max_output_tokens\":"u8,
            SpliceKind.MaxCompletionTokens => "\"max_completion_tokens\":"u8,
            _ => "\"max_tokens\":"u8,
        });
        Write(cap!.Value, to);
        to.Write(","u8);
    }

    private static void Write(long number, IBufferWriter<byte> to)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(20), out var written);
        to.Advance(written);
    }

    private void WriteModel(IBufferWriter<byte> to)
    {
        to.Write("\""u8);
        if (!model.AsSpan().ContainsAnyExcept(_plain))
            to.Advance(Encoding.ASCII.GetBytes(model, to.GetSpan(model.Length)));
        else
            to.Write(JsonEncodedText.Encode(model).EncodedUtf8Bytes);
        to.Write("\""u8);
    }

    /// <summary>The field that sets a cap when the client sent none.</summary>
    private static SpliceKind CapMember(UpstreamApi api, string model) => DialectRegistry.Describe(api).CapField(model) switch
    {
        RequestField.MaxOutputTokens => SpliceKind.MaxOutputTokens,
        RequestField.MaxCompletionTokens => SpliceKind.MaxCompletionTokens,
        _ => SpliceKind.MaxTokens,
    };
}
