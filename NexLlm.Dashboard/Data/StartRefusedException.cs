namespace NexLlm.Dashboard.Data;

/// <summary>The application can't start. The message tells the operator why and what to do.</summary>
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
