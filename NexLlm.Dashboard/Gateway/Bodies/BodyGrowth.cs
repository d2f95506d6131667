using NexLlm.Dashboard.Gateway.Relay;

namespace NexLlm.Dashboard.Gateway.Bodies;

internal static class BodyGrowth
{
    /// <summary>Makes room for so many bytes in all. Old and new array are there at the same time, so both are counted until the old one is free.</summary>
    /// <param name="buffer">Of the call: its body, or what its body is unpacked to.</param>
    /// <param name="besides">What the call holds for something else.</param>
    /// <param name="window">What a decoder keeps beside the buffer, at most.</param>
    /// <returns>Null if there is room, else what the client is told.</returns>
    public static Refusal? Grow(this GatewayCall call, PooledBuffer buffer, int capacity, long besides = 0, long window = 0)
    {
        var before = call.Hold.Bytes - besides;
        var size = PooledBuffer.SizeFor(capacity);
        if (call.Hold.Take(size + Math.Min(size, window)) is { } refusal)
        {
            return refusal;
        }

        buffer.Grow(capacity);
        call.Hold.Give(before);
        return null;
    }
}
