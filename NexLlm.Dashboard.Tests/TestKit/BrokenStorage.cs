using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>Ways in which a database file stops taking writes, each undone by disposing what it returns.</summary>
public static class BrokenStorage
{
    /// <summary>Another program holds the file.</summary>
    public static IDisposable Lock(NexLlmApp app)
    {
        var other = new SqliteConnection($"Data Source={app.DatabaseFile};Pooling=False");
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return other;
    }

    /// <summary>Nobody may write to the file any more, open or not.</summary>
    public static IDisposable MakeReadOnly(NexLlmApp app)
    {
        string[] files = [app.DatabaseFile, $"{app.DatabaseFile}-wal"];
        Assert.SkipUnless(TryRun("chattr", ["+i", .. files]), "Needs the right to make a file immutable.");
        return new Undo(() => TryRun("chattr", ["-i", .. files]));
    }

    /// <summary>A folder on a disk of its own, small enough to fill.</summary>
    public static TemporaryFolder SmallDisk()
    {
        var folder = new TemporaryFolder { Unmounts = true };
        Assert.SkipUnless(TryRun("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.Path]), "Needs the right to mount.");
        return folder;
    }

    /// <summary>Nothing is left of a small disk.</summary>
    public static IDisposable Fill(TemporaryFolder disk)
    {
        var filler = disk.File("filler");
        using var file = new FileStream(filler, FileMode.Create);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            return new Undo(() => File.Delete(filler));
        }
    }

    public static bool TryRun(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
