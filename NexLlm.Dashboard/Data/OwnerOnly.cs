namespace NexLlm.Dashboard.Data;

/// <summary>
/// Files and folders that nobody but their owner reads, whatever the umask: they hold hashes, addresses and the master key. On
/// Windows, where folders pass their rights on, nothing is done.
/// </summary>
internal static class OwnerOnly
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>For a new file, or one that is opened.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is FileMode.CreateNew or FileMode.Create or FileMode.OpenOrCreate)
        {
            options.UnixCreateMode = File;
        }

        return new FileStream(path, options);
    }

    /// <summary>Makes the folder if there is none.</summary>
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
    /// Makes sure that a database file is the owner's before SQLite opens it: SQLite gives the write-ahead log and its index the
    /// mode of the file that they belong to. An empty file is a new database.
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

    /// <summary>Takes everybody else's rights to the file away; earlier versions left them.</summary>
    public static void Restrict(string path)
    {
        if (System.IO.File.Exists(path))
        {
            Restrict(path, File);
        }
    }

    /// <summary>
    /// The same for a folder, if everything in it is the program's own: a database may have been put where other things are.
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
            // Somebody else's, or on a disk without such rights: its owner decided who reads it.
        }
    }
}
