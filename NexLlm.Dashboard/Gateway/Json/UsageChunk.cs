using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>A stream chunk that reports usage and has no choices. It occurs once per stream, so it can afford its own pass.</summary>
internal static class UsageChunk
{
    /// <summary>Whether the chunk contains anything else the client would miss.</summary>
    /// <param name="chunk">A JSON object with a <c>usage</c> field.</param>
    /// <param name="usage">The range of that field, including the comma that separates it from another.</param>
    public static bool HasMore(ReadOnlySpan<byte> chunk, out Range usage)
    {
        usage = default;
        var hasMore = false;
        var json = new Utf8JsonReader(chunk);
        json.Read();
        var (end, isFirst) = (0, false);
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var start = (int)json.TokenStartIndex;
            if (isFirst) usage = usage.Start..start;
            isFirst = false;
            var isUsage = json.ValueTextEquals("usage"u8);
            var isPlain = isUsage || IsPlain(ref json);
            json.Read();
            hasMore |= !isPlain && json.TokenType is not JsonTokenType.Null;
            json.Skip();
            if (isUsage)
            {
                isFirst = end == 0;
                usage = (isFirst ? start : end)..(int)json.BytesConsumed;
            }

            end = (int)json.BytesConsumed;
        }

        return hasMore;
    }

    /// <summary>Whether the field is one that every chunk of a stream repeats.</summary>
    private static bool IsPlain(ref Utf8JsonReader name) =>
        name.ValueTextEquals("id"u8) || name.ValueTextEquals("object"u8) || name.ValueTextEquals("created"u8)
        || name.ValueTextEquals("model"u8) || name.ValueTextEquals("choices"u8) || name.ValueTextEquals("system_fingerprint"u8)
        || name.ValueTextEquals("service_tier"u8) || name.ValueTextEquals("obfuscation"u8) || name.ValueTextEquals("provider"u8);
}
