using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Errors;

namespace NexLlm.Dashboard.Gateway.Dialects.OpenAI;

/// <summary>OpenAI's APIs and similar ones other providers offer beside them, such as reranking.</summary>
internal sealed class OpenAIDialect : Dialect
{
    private static readonly (RequestField, FieldRule)[] _generating =
        [(RequestField.N, FieldRule.N), (RequestField.BestOf, FieldRule.BestOf), (RequestField.MaxTokens, FieldRule.MaxTokens)];

    private static readonly (RequestField, FieldRule)[] _completing =
    [
        .. _generating, (RequestField.MaxCompletionTokens, FieldRule.MaxCompletionTokens), (RequestField.StreamOptions, FieldRule.StreamOptions),
    ];

    /// <summary>The usage fields of the older APIs.</summary>
    private static readonly (string, ResponseField)[] _completionUsage =
        [("prompt_tokens", ResponseField.InputTokens), ("completion_tokens", ResponseField.OutputTokens)];

    private static readonly (string, ResponseField)[] _usage = [("input_tokens", ResponseField.InputTokens), ("output_tokens", ResponseField.OutputTokens)];

    /// <summary>Servers name the tokens of images and audio differently.</summary>
    private static readonly (string, ResponseField)[] _mediaUsage = [.. _usage, ("prompt_tokens", ResponseField.InputTokens)];

    private static readonly MediaApi _scores = new(FormUse.Never, PriceUnit.ThousandCharacters, MediaOutput.Scores);

    public override IReadOnlyList<ApiDescriptor> Apis { get; } =
    [
        new()
        {
            Api = UpstreamApi.ChatCompletions,
            HasUsageOption = true,
            CapField = static model => Reasons(model) ? RequestField.MaxCompletionTokens : RequestField.MaxTokens,
            OwnRequestFields = _completing,
            OwnResponseFields = _completionUsage,
        },
        new()
        {
            Api = UpstreamApi.Completions,
            HasUsageOption = true,
            DefaultCap = 16,
            OwnRequestFields = [.. _completing, (RequestField.Prompt, FieldRule.Prompts)],
            OwnResponseFields = _completionUsage,
        },
        new()
        {
            Api = UpstreamApi.Embeddings,
            Generates = false,
            HasOutput = false,
            CanStream = false,
            OwnRequestFields = [(RequestField.Input, FieldRule.Prompts)],
            OwnResponseFields = [("prompt_tokens", ResponseField.InputTokens)],
        },
        new()
        {
            Api = UpstreamApi.Responses,
            StoresByDefault = true,
            CapField = static _ => RequestField.MaxOutputTokens,
            OwnRequestFields =
            [
                (RequestField.N, FieldRule.N),
                (RequestField.BestOf, FieldRule.BestOf),
                (RequestField.MaxOutputTokens, FieldRule.MaxOutputTokens),
                (RequestField.Background, FieldRule.ProviderState),
                (RequestField.Prompt, FieldRule.ProviderState),
                (RequestField.Input, FieldRule.Items),
            ],
            OwnResponseFields = _usage,
            Usage = UsageReport.FinalOnly,
            DeltaIsText = true,
            FinalEvents = ["response.completed", "response.incomplete", "response.failed", "response.cancelled"],
        },
        Images(UpstreamApi.ImageGenerations, FormUse.Never),
        Images(UpstreamApi.ImageEdits, FormUse.Optional),
        new()
        {
            Api = UpstreamApi.Speech,
            Media = new(FormUse.Never, PriceUnit.ThousandCharacters, MediaOutput.Audio),
            OwnRequestFields = _generating,
            OwnResponseFields = _mediaUsage,
            FinalEvents = ["speech.audio.done"],
        },
        Transcripts(UpstreamApi.Transcriptions),
        Transcripts(UpstreamApi.Translations),
        new()
        {
            Api = UpstreamApi.Moderations,
            Media = _scores,
            HasOutput = false,
            OwnRequestFields = _generating,
            OwnResponseFields = _mediaUsage,
        },
        new()
        {
            Api = UpstreamApi.Rerank,
            Media = _scores,
            HasOutput = false,
            OwnRequestFields = [.. _generating, (RequestField.Documents, FieldRule.Free)],
            OwnResponseFields = [.. _mediaUsage, ("meta", ResponseField.Extra), ("tokens", ResponseField.Usage)],
        },
    ];

    public override ReadOnlySpan<byte> ErrorEventPrefix => "data: "u8;

    public override bool Sent(HttpRequest request) => true;

    public override bool Wrote(JsonElement error) => true;

    public override void WriteHeaders(IHeaderDictionary headers, string requestId)
    {
    }

    public override byte[] ErrorBody(Rejection refusal, string requestId) => refusal.OpenAIBody;

    public override KeyValuePair<string, string>[] ForwardedHeaders(IHeaderDictionary client) => [];

    private static ApiDescriptor Images(UpstreamApi api, FormUse form) => new()
    {
        Api = api,
        Media = new(form, PriceUnit.Image, MediaOutput.Images),
        OwnRequestFields = _generating,
        OwnResponseFields = _mediaUsage,
        Usage = UsageReport.Sum,
        FinalEvents = ["image_generation.completed", "image_edit.completed"],
    };

    private static ApiDescriptor Transcripts(UpstreamApi api) => new()
    {
        Api = api,
        Media = new(FormUse.Always, PriceUnit.Second, MediaOutput.Text),
        OwnRequestFields = _generating,
        OwnResponseFields = [.. _mediaUsage, ("seconds", ResponseField.Seconds), ("duration", ResponseField.Duration)],
        DeltaIsText = true,
        FinalEvents = ["transcript.text.done"],
    };

    /// <summary>Reasoning models reject <c>max_tokens</c>. Resellers prefix the model with its maker and a slash.</summary>
    private static bool Reasons(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);
        return name.StartsWith("o1") || name.StartsWith("o3") || name.StartsWith("o4") || name.StartsWith("gpt-5");
    }
}
