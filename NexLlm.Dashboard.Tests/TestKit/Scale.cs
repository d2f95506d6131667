namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>How much a test does: what fits into CI, or, with <c>NEXLLM_FULL_SCALE=1</c>, what the promises ask for.</summary>
internal static class Scale
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("NEXLLM_FULL_SCALE") is "1";

    public static int Of(int ci, int full) => IsFull ? full : ci;
}
