using System.Runtime.Versioning;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Data.Sqlite;

[SqliteOnly("It is about files.")]
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = OwnerFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode EverybodyFolder = OwnerFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Every_file_that_the_program_makes_is_the_owner_s_alone()
    {
        await using var app = new NexLlmApp();
        _ = app.Address;
        await app.CreateActorAsync();

        Assert.All(Directory.GetFiles(app.Folder.Path), file => Assert.Equal((file, OwnerFile), (file, File.GetUnixFileMode(file))));
        Assert.Superset(
            new HashSet<string> { "nexllm.db", "nexllm.db-wal", "nexllm.db-shm", "nexllm.db.lock", "nexllm.db.position", "nexllm-log.db", "master.key" },
            Directory.GetFiles(app.Folder.Path).Select(file => Path.GetFileName(file)).ToHashSet());
    }

    [Fact]
    public async Task What_an_earlier_version_left_open_to_everybody_is_closed_at_the_next_start()
    {
        using var folder = new TemporaryFolder();
        await using (var first = new NexLlmApp { LastingFolder = folder })
        {
            _ = first.Address;
        }

        foreach (var file in Directory.GetFiles(folder.Path))
        {
            File.SetUnixFileMode(file, Everybody);
        }

        File.SetUnixFileMode(folder.Path, EverybodyFolder);
        await using var second = new NexLlmApp { LastingFolder = folder };
        _ = second.Address;

        Assert.Equal(OwnerFolder, File.GetUnixFileMode(folder.Path));
        Assert.All(
            Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)),
            file => Assert.Equal((file, OwnerFile), (file, File.GetUnixFileMode(file))));
    }

    [Fact]
    public void A_folder_with_other_things_in_it_keeps_its_rights()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("somebody-else.txt"), "");
        File.SetUnixFileMode(folder.Path, EverybodyFolder);

        PrivateFiles.RestrictFolder(folder.Path, name => name.StartsWith("nexllm", StringComparison.Ordinal));
        Assert.Equal(EverybodyFolder, File.GetUnixFileMode(folder.Path));

        PrivateFiles.RestrictFolder(folder.Path, _ => true);
        Assert.Equal(OwnerFolder, File.GetUnixFileMode(folder.Path));
    }
}
