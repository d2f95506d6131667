namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A new, empty folder that disposing deletes with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nexllm-test-").FullName;

    /// <summary>A disk is mounted here.</summary>
    public bool Unmounts { get; init; }

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
    }
}
