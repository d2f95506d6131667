namespace NexLlm.Dashboard.Data;

/// <summary>What has to be written down cannot be at the moment. The program goes on trying.</summary>
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
