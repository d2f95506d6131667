using System.Text.Encodings.Web;
using System.Text.Json;

namespace NexLlm.Dashboard.Channels.Echo;

internal static class EchoJson
{
    // Providers send text unescaped.
    private static readonly JsonSerializerOptions _options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value, _options);
}
