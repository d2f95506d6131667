using NexLlm.Dashboard.Gateway.Relay;

namespace NexLlm.Dashboard.Gateway.Bodies;

internal static class BodyGrowth
{
    /// <summary>Makes room for so many bytes in all. Old and new array are there at the same time, so both are counted until the old one is free.</summary>
    /// <param name="buffer">Of the call: its body, or what its body is unpacked to.</param>
    /// <param name="besides">What the call holds for something else.</param>
    /// <returns>Null if there is room, else what the client is told.</returns>
    public static Refusal? Grow(this GatewayRequest call, PooledBuffer buffer, int capacity, long besides = 0)
    {
        var before = call.Hold.Bytes - besides;
        if (call.Hold.Take(PooledBuffer.SizeFor(capacity)) is { } refusal)
        {
            return refusal;
        }

        buffer.Grow(capacity);
        call.Hold.Give(before);
        return null;
    }
}
