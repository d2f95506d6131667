using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Errors;

namespace NexLlm.Dashboard.Gateway.Dialects.Anthropic;

internal sealed class AnthropicDialect : Dialect
{
    private const string Root = "/v1/messages";

    private static readonly (string, ResponseField)[] _usage = [("input_tokens", ResponseField.InputTokens), ("output_tokens", ResponseField.OutputTokens)];

    public override IReadOnlyList<ApiDescriptor> Apis { get; } =
    [
        new()
        {
            Api = UpstreamApi.Messages,
            RequiresCap = true,
            OwnRequestFields = [(RequestField.N, FieldRule.N), (RequestField.BestOf, FieldRule.BestOf), (RequestField.MaxTokens, FieldRule.MaxTokens)],
            OwnResponseFields =
            [
                .. _usage,
                ("cache_read_input_tokens", ResponseField.CacheRead),
                ("cache_creation_input_tokens", ResponseField.CacheCreation),
                ("message", ResponseField.Whole),
            ],
            Usage = UsageReport.InputFirst,
            DeltaHasText = true,
            FinalEvents = ["message_stop"],
        },
        new()
        {
            Api = UpstreamApi.CountTokens,
            Generates = false,
            OwnResponseFields = [.. _usage, ("prompt_tokens", ResponseField.InputTokens)],
        },
    ];

    public override ReadOnlySpan<byte> ErrorEventPrefix => "event: error\ndata: "u8;

    public override bool Sent(HttpRequest request) =>
        request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase) || request.Headers.ContainsKey(AnthropicHeaders.Version);

    public override bool Wrote(JsonElement error) => error.TryGetProperty("type"u8, out var type) && type.ValueKind is JsonValueKind.String && type.ValueEquals("error"u8);

    public override void WriteHeaders(IHeaderDictionary headers, string requestId) => headers["request-id"] = requestId;

    public override byte[] ErrorBody(Rejection refusal, string requestId) => refusal.Error.ToAnthropicJson(requestId);

    public override KeyValuePair<string, string>[] ForwardedHeaders(IHeaderDictionary client) => AnthropicHeaders.Of(client);
}
