namespace NexLlm.Dashboard.Data;

/// <summary>
/// Creates files and folders that only their owner can read, regardless of the umask: they contain hashes, addresses and the master key.
/// Does nothing on Windows, where permissions are inherited from the folder.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>Opens or creates a file.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is FileMode.CreateNew or FileMode.Create or FileMode.OpenOrCreate)
        {
            options.UnixCreateMode = File;
        }

        return new FileStream(path, options);
    }

    /// <summary>Creates the folder if it doesn't exist.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>
    /// Restricts a database file before SQLite opens it, because SQLite copies its mode
    /// to the write-ahead log and the log's index. An empty file is a valid new database.
    /// </summary>
    public static void PrepareDatabase(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        }

        foreach (var file in (string[])[path, $"{path}-wal", $"{path}-shm", $"{path}-journal"])
        {
            Restrict(file);
        }
    }

    /// <summary>Removes other users' permissions, which files of earlier versions may still have.</summary>
    public static void Restrict(string path)
    {
        if (System.IO.File.Exists(path))
        {
            Restrict(path, File);
        }
    }

    /// <summary>
    /// Restricts a folder, provided it contains only the application's files: the database may have been placed in a shared folder.
    /// </summary>
    public static void RestrictFolder(string path, Predicate<string> isOwn)
    {
        if (Directory.EnumerateFileSystemEntries(path).All(entry => isOwn(Path.GetFileName(entry))))
        {
            Restrict(path, Folder);
        }
    }

    private static void Restrict(string path, UnixFileMode most)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            var mode = System.IO.File.GetUnixFileMode(path);
            if ((mode & ~most) != 0)
            {
                System.IO.File.SetUnixFileMode(path, mode & most);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // The file belongs to another user, or the file system has no permissions. Its owner decides who can read it.
        }
    }
}
