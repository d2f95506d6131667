namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>How much a test generates: a little each time, all that is promised when <c>NEXLLM_FULL_SCALE=1</c>.</summary>
public static class Scale
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("NEXLLM_FULL_SCALE") == "1";

    public static int Of(int usual, int full) => IsFull ? full : usual;
}
