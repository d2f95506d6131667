namespace NexLlm.Dashboard.Data;

/// <summary>The program cannot start as things are. The message says why and what to do, to whoever started it.</summary>
public sealed class StartRefusedException : Exception
{
    public StartRefusedException(string message)
        : base(message)
    {
    }

    public StartRefusedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
