namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>
/// A new, empty folder that disposing deletes with all that is in it. It is in memory where the machine has room for that: every commit of a
/// test's database waits for the disk otherwise. What a process leaves behind when it is killed is the same on both.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long RoomNeeded = 4L << 30;

    /// <summary>Whether folders are on the disk even so: benchmarks measure what people will have.</summary>
    public static bool OnDisk { get; set; }

    public string Path { get; }

    public TemporaryFolder()
        : this(Create(OnDisk))
    {
    }

    private TemporaryFolder(string path) => Path = path;

    private PostgresDatabase? _database;

    /// <summary>The database that goes with the folder on PostgreSQL, created at first use. Disposing the folder drops it.</summary>
    public async Task<PostgresDatabase> DatabaseAsync() => _database ??= await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    /// <summary>Makes what the other folder's database holds the database of this one.</summary>
    public async Task CopyDatabaseAsync(TemporaryFolder other) => _database = await (await other.DatabaseAsync()).CopyAsync();

    /// <summary>Waits until no application uses the database, if there is one.</summary>
    public Task FreeDatabaseAsync() => _database?.FreeAsync() ?? Task.CompletedTask;

    /// <summary>A disk is mounted here.</summary>
    public bool Unmounts { get; init; }

    /// <summary>A folder on the disk, for what memory doesn't do: it goes on writing to a file that was made immutable.</summary>
    public static TemporaryFolder OfDisk() => new(Create(onDisk: true));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Unmounts)
        {
            BrokenStorage.TryRun("umount", [Path]);
        }

        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }

        _database?.Dispose();
    }

    private static string Create(bool onDisk)
    {
        if (onDisk || OperatingSystem.IsWindows() || !Directory.Exists(Memory) || new DriveInfo(Memory).AvailableFreeSpace < RoomNeeded)
        {
            return Directory.CreateTempSubdirectory("nexllm-test-").FullName;
        }

        return Directory.CreateDirectory(
            System.IO.Path.Combine(Memory, $"nexllm-test-{System.IO.Path.GetRandomFileName()}"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }
}
