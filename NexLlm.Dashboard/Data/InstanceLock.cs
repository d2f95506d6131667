namespace NexLlm.Dashboard.Data;

/// <summary>
/// Held by the one server of a database file, and by a command that changes its schema. The operating system drops it with the
/// process, however that ends, so it can never be stale.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Null if another process holds it.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static InstanceLock? TryTake(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            return new InstanceLock(OwnerOnly.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
