using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>Builds responses of <c>/v1/embeddings</c>. The vectors are deterministic for a text but carry no meaning.</summary>
internal static class EmbeddingsEcho
{
    public static object Whole(string model, IReadOnlyList<string> inputs, int dimensions, bool inBase64, int promptTokens) => new
    {
        Object = "list",
        Data = inputs.Select((text, index) => new { Object = "embedding", Index = index, Embedding = Written(Vector(text, dimensions), inBase64) }),
        Model = model,
        Usage = new { PromptTokens = promptTokens, TotalTokens = promptTokens },
    };

    private static object Written(float[] vector, bool inBase64) =>
        // Clients expect little-endian, which is the byte order of every .NET platform.
        inBase64 ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)) : vector;

    /// <summary>A unit vector.</summary>
    private static float[] Vector(string text, int dimensions)
    {
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        var vector = new float[dimensions];
        var block = new byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < dimensions; i++)
        {
            var at = i * sizeof(int) % block.Length;
            if (at == 0)
            {
                block = HMACSHA256.HashData(seed, BitConverter.GetBytes(i));
            }

            vector[i] = (float)BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(at)) / int.MaxValue;
        }

        var length = MathF.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / length)];
    }
}
