using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>What differs between a body and the one that goes upstream.</summary>
/// <param name="cap">The cap to be sent, never above the client's own; null for none.</param>
/// <param name="askUsage">Whether a stream is asked for its usage, though the client did not.</param>
internal readonly ref struct BodyChange(UpstreamApi api, ReadOnlySpan<byte> body, in RequestFindings found, string model, long? cap, bool askUsage)
{
    private static readonly SearchValues<char> _plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:/@+ ");

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly ref readonly RequestFindings _found = ref found;
    private readonly EditKind _capMember = CapMember(api, model);

    public bool IsNone
    {
        get
        {
            if (AddsStore || AddsStreamOptions || AddsCap) return false;
            foreach (var edit in _found.Edits)
            {
                if (Applies(edit)) return false;
            }

            return true;
        }
    }

    public void WriteTo(IBufferWriter<byte> to)
    {
        // The scan saw that the body has a member, so that what is added in front of it ends with a comma.
        var brace = _body.IndexOf((byte)'{') + 1;
        to.Write(_body[..brace]);
        if (AddsStore) to.Write("\"store\":false,"u8);
        if (AddsCap) AddCap(to);
        if (AddsStreamOptions) to.Write("\"stream_options\":{\"include_usage\":true},"u8);
        var written = brace;
        foreach (var edit in _found.Edits)
        {
            if (!Applies(edit)) continue;
            to.Write(_body[written..edit.Start]);
            Write(edit, to);
            written = edit.End;
        }

        to.Write(_body[written..]);
    }

    // What an upstream keeps by default must be told not to.
    private bool AddsStore => api is UpstreamApi.Responses && !_found.Has(EditKind.Store);

    private bool AddsCap => cap is not null && _found.Cap is null && !_found.Has(_capMember);

    private bool ForcesUsage =>
        askUsage && _found.Stream && !_found.IncludeUsage && api is UpstreamApi.ChatCompletions or UpstreamApi.Completions;

    private bool AddsStreamOptions => ForcesUsage
        && !_found.Has(EditKind.IncludeUsage) && !_found.Has(EditKind.StreamOptions)
        && !_found.Has(EditKind.EmptyStreamOptions) && !_found.Has(EditKind.NoStreamOptions);

    private bool Applies(in Edit edit)
    {
        var value = _body[edit.Start..edit.End];
        return edit.Kind switch
        {
            EditKind.Number => true,
            EditKind.Model => _found.ModelIsEscaped || !Ascii.Equals(_body[_found.Model], model),
            EditKind.MaxTokens or EditKind.MaxCompletionTokens or EditKind.MaxOutputTokens => edit.IsNull
                ? cap is not null && _found.Cap is null && edit.Kind == _capMember
                : !Utf8Parser.TryParse(value, out long own, out var length) || length != value.Length || own != cap,
            EditKind.Store => edit.IsNull ? api is UpstreamApi.Responses : !value.SequenceEqual("false"u8),
            EditKind.IncludeUsage or EditKind.StreamOptions or EditKind.EmptyStreamOptions or EditKind.NoStreamOptions => ForcesUsage,
        };
    }

    private void Write(in Edit edit, IBufferWriter<byte> to)
    {
        switch (edit.Kind)
        {
            case EditKind.Number:
                Numbers.TryReadWhole(_body[edit.Start..edit.End], out var whole);
                Write(whole, to);
                break;
            case EditKind.Model:
                WriteModel(to);
                break;
            case EditKind.MaxTokens or EditKind.MaxCompletionTokens or EditKind.MaxOutputTokens:
                Write(cap!.Value, to);
                break;
            case EditKind.Store:
                to.Write("false"u8);
                break;
            case EditKind.IncludeUsage:
                to.Write("true"u8);
                break;
            case EditKind.StreamOptions:
                to.Write("{\"include_usage\":true,"u8);
                break;
            case EditKind.EmptyStreamOptions:
                to.Write("{\"include_usage\":true"u8);
                break;
            case EditKind.NoStreamOptions:
                to.Write("{\"include_usage\":true}"u8);
                break;
        }
    }

    private void AddCap(IBufferWriter<byte> to)
    {
        to.Write(_capMember switch
        {
            EditKind.MaxOutputTokens => "\"max_output_tokens\":"u8,
            EditKind.MaxCompletionTokens => "\"max_completion_tokens\":"u8,
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

    /// <summary>The member by which a client that sent no cap gets one. Reasoning models refuse <c>max_tokens</c>.</summary>
    private static EditKind CapMember(UpstreamApi api, string model) => api switch
    {
        UpstreamApi.Responses => EditKind.MaxOutputTokens,
        UpstreamApi.ChatCompletions when Reasons(model) => EditKind.MaxCompletionTokens,
        _ => EditKind.MaxTokens,
    };

    private static bool Reasons(ReadOnlySpan<char> model)
    {
        // A reseller puts the maker before a slash.
        var name = model[(model.LastIndexOf('/') + 1)..];
        return name.StartsWith("o1") || name.StartsWith("o3") || name.StartsWith("o4") || name.StartsWith("gpt-5");
    }
}
