namespace NexLlm.Dashboard.Data;

/// <summary>What has to be written down cannot be at the moment. The program goes on trying.</summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException(Exception? cause = null)
        : base("The database cannot be written to at the moment.", cause)
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
