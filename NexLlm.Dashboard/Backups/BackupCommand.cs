using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Hosting.Protection;

namespace NexLlm.Dashboard.Backups;

/// <summary>
/// <c>backup FILE</c>: copies the database in its current state, with or without a running server. The schema isn't upgraded first, so a
/// new version can back up the database before it upgrades it.
/// </summary>
internal sealed class BackupCommand : Command, IPreparesItself
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "Path of the new file." };
    private readonly IDatabaseEngine _engine;
    private readonly BackupHistory _history;
    private readonly DatabaseStartup _startup;
    private readonly MasterKey _masterKey;
    private readonly TimeProvider _clock;

    public BackupCommand(IDatabaseEngine engine, BackupHistory history, DatabaseStartup startup, MasterKey masterKey, TimeProvider clock)
        : base("backup", "Back up the database to a file. Safe while the server is running.")
    {
        (_engine, _history, _startup, _masterKey, _clock) = (engine, history, startup, masterKey, clock);
        Arguments.Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var file = arguments.GetRequiredValue(_file);
        var copies = _engine.RequireCopies();
        var since = _clock.GetTimestamp();
        if (Obstacle(copies, file) is { } obstacle)
        {
            await Console.Error.WriteLineAsync(obstacle);
            return 1;
        }

        if (await LowPriorityThread.RunAsync(() => Copy(copies, file, cancellation)) is { } error)
        {
            await Console.Error.WriteLineAsync(error);
            return 1;
        }

        file.Refresh();
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Backed up to {file.FullName} ({file.Length / 1e6:N1} MB in {_clock.GetElapsedTime(since).TotalSeconds:N1} s).
            It holds all accounts, keys and charges, but not the request log and not the master key: keep {_masterKey.Whereabouts} too, in another place.
            To go back to it, stop the server and run: restore {file.FullName}
            """));
        await NoteAsync(file);
        return 0;
    }

    /// <summary>Explains why the backup can't be written to this path; null if it can.</summary>
    private static string? Obstacle(IDatabaseCopies copies, FileInfo file)
    {
        if (!copies.HasOriginal)
        {
            return $"Database not found: {copies.Original}. Run this command in the server's working directory, or set {DatabaseOptions.ConnectionSetting}.";
        }

        if (file.Exists || Directory.Exists(file.FullName))
        {
            return $"{file.FullName} already exists. Choose another file.";
        }

        if (file.Directory is { Exists: false } folder)
        {
            return $"Folder not found: {folder.FullName}. Create it first, or choose another file.";
        }

        var draft = copies.DraftOf(file.FullName);
        return File.Exists(draft) ? $"{draft} already exists: a backup is in progress or was interrupted. Wait for it to finish, or delete the file." : null;
    }

    /// <returns>The error message; null on success.</returns>
    private static string? Copy(IDatabaseCopies copies, FileInfo file, CancellationToken cancellation)
    {
        try
        {
            copies.CopyTo(file.FullName, cancellation);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "Backup interrupted. No file was created.";
        }
        catch (DiskFullException)
        {
            return $"The disk of {file.FullName} is full. No file was created.";
        }
        catch (DamagedDataException e)
        {
            return $"{copies.Original} is damaged ({e.Message.TrimEnd('.')}), so no backup was created. Keep your existing backups and check the disk.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            return $"Couldn't write {file.FullName} ({e.Message.TrimEnd('.')}).";
        }
    }

    /// <summary>Records the backup. A failure is ignored because the backup itself is complete.</summary>
    private async Task NoteAsync(FileInfo file)
    {
        try
        {
            await _startup.RequireAsync();
            await _history.RecordBackupAsync(file.FullName);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or StartRefusedException)
        {
            await Console.Error.WriteLineAsync(
                $"Couldn't record the backup in the database ({(e.InnerException ?? e).Message.TrimEnd('.')}). The dashboard will show an earlier one.");
        }
    }
}
