using System.Text.Json;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What a caller is told, in the terms of OpenAI's API.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ShouldRetry">Whether the same request can succeed later without anybody changing anything.</param>
public sealed record GatewayError(int Status, string Type, string Code, string Message, bool ShouldRetry)
{
    /// <summary>The body of the answer, in the shape that clients of OpenAI's API read.</summary>
    /// <param name="param">The member of the request that it is about; null if it is about no single one.</param>
    public byte[] ToJson(string? param) =>
        JsonSerializer.SerializeToUtf8Bytes(new { error = new { message = Message, type = Type, param, code = Code } });
}
