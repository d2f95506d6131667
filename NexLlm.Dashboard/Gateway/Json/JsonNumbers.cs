using System.Buffers.Text;

namespace NexLlm.Dashboard.Gateway.Json;

internal static class JsonNumbers
{
    /// <summary>Reads a whole number written with a fraction or an exponent, as some languages do: <c>1024.0</c>, <c>1.024e3</c>.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> written, out long value)
    {
        var isWhole = Utf8Parser.TryParse(written, out decimal exact, out var length) && length == written.Length
            && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue;
        value = isWhole ? (long)exact : 0;
        return isWhole;
    }
}
