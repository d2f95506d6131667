using System.Buffers;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>Writes the body that goes upstream: what was checked, byte for byte but for what the gateway decides.</summary>
public static class BodyWriter
{
    /// <summary>Writes the body, unless it may go as it is: then the answer is false and nothing is written.</summary>
    /// <param name="body">The body that was scanned.</param>
    /// <param name="found">What its scan found.</param>
    /// <param name="upstreamModel">The model's name at the upstream.</param>
    /// <param name="cap">The most tokens an answer may have, where that is less than the client's own cap or it has none; null leaves it to the client.</param>
    /// <param name="askUsage">Whether a stream is asked for its usage, though the client did not.</param>
    public static bool Write(
        UpstreamApi api, ReadOnlySpan<byte> body, in ScannedRequest found, string upstreamModel, long? cap, IBufferWriter<byte> to, bool askUsage = true)
    {
        if (found.Answers == 0) cap = null;
        else if (found.Cap < (cap ?? long.MaxValue)) cap = found.Cap;
        var change = new BodyRewriter(api, body, in found, upstreamModel, cap, askUsage);
        if (change.IsNone) return false;
        change.WriteTo(to);
        return true;
    }
}
