using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>Answers as <c>/v1/embeddings</c> does: the same text always has the same vector, and nothing more is meant by it.</summary>
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
        // Little-endian, as clients expect it and as every machine that .NET runs on has it.
        inBase64 ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)) : vector;

    /// <summary>Of length 1.</summary>
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
