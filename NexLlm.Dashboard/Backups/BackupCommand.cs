using System.CommandLine;
using System.Globalization;
using Microsoft.Data.Sqlite;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Hosting.Protection;

namespace NexLlm.Dashboard.Backups;

/// <summary><c>backup FILE</c>: a copy of the database as of this moment, beside a running server or without one.</summary>
internal sealed class BackupCommand : Command
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "Where the copy goes; nothing may be there yet." };
    private readonly DatabaseCopies _copies;
    private readonly BackupHistory _history;
    private readonly MasterKey _masterKey;
    private readonly TimeProvider _clock;

    public BackupCommand(DatabaseCopies copies, BackupHistory history, MasterKey masterKey, TimeProvider clock)
        : base("backup", "Copies the database into a file. The server may go on meanwhile.")
    {
        (_copies, _history, _masterKey, _clock) = (copies, history, masterKey, clock);
        Arguments.Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var file = arguments.GetRequiredValue(_file);
        if (await TryAsync(file) is { } error)
        {
            await Console.Error.WriteLineAsync(error);
            return 1;
        }

        await _history.RecordAsync(AuditActions.BackupMade, file.FullName, cancellation);
        await Console.Out.WriteLineAsync(
            $"""
            It holds all accounts, keys and charges, but not the request log and not the master key: keep {_masterKey.Whereabouts} too, in another place.
            To go back to it, stop the server and run: restore {file.FullName}
            """);
        return 0;
    }

    /// <returns>Why it did not work; null if it did.</returns>
    private async Task<string?> TryAsync(FileInfo file)
    {
        if (file.Exists || Directory.Exists(file.FullName))
        {
            return $"{file.FullName} exists already. Name another file.";
        }

        if (file.Directory is { Exists: false } folder)
        {
            return $"There is no folder {folder.FullName}. Make it first, or name a file elsewhere.";
        }

        try
        {
            var since = _clock.GetTimestamp();
            _copies.CopyTo(file.FullName);
            if (DatabaseCopies.Check(file.FullName) is { } wrong)
            {
                File.Delete(file.FullName);
                return $"The copy {wrong}, so it was not kept. Run verify, and look after the disk.";
            }

            file.Refresh();
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"Backed up to {file.FullName} ({file.Length / 1e6:N1} MB in {_clock.GetElapsedTime(since).TotalSeconds:N1} s)."));
            return null;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteErrors.Full)
        {
            return $"The disk that holds {file.FullName} is full. Nothing was kept there.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            return $"{file.FullName} could not be written ({e.Message.TrimEnd('.')}).";
        }
    }
}
