namespace NexLlm.Dashboard.Data;

/// <summary>The storage is temporarily not writable. The application keeps retrying.</summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException(Exception? cause = null)
        : base("The database is currently read-only.", cause)
    {
    }

    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    public StorageUnavailableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
