namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>
/// Held by the only server of a database file, or by a command that changes the schema. The operating system releases it when the process
/// ends for any reason, so it can't become stale.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Returns null if another process holds the lock.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder isn't writable.</exception>
    public static InstanceLock? TryTake(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            return new InstanceLock(PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
