using System.CommandLine;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Backups;

/// <summary><c>restore FILE</c>: replaces the database with a backup and keeps the previous file.</summary>
internal sealed class RestoreCommand : Command, IPreparesItself
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "Path of a file created by the backup command." };
    private readonly IDatabaseEngine _engine;
    private readonly DatabaseStartup _startup;
    private readonly LedgerVerification _ledger;
    private readonly AuditVerification _audit;
    private readonly RevivedAccess _revived;
    private readonly BackupHistory _history;

    public RestoreCommand(
        IDatabaseEngine engine, DatabaseStartup startup, LedgerVerification ledger, AuditVerification audit, RevivedAccess revived,
        BackupHistory history)
        : base("restore", "Restore a backup. Stop the server first. The current database is kept.")
    {
        (_engine, _startup, _ledger, _audit, _revived, _history) = (engine, startup, ledger, audit, revived, history);
        Arguments.Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var file = arguments.GetRequiredValue(_file);
        var copies = _engine.RequireCopies();
        Replaced? replaced = null;
        try
        {
            await _startup.PrepareForCommandAloneAsync(async () => replaced = await ReplaceAsync(copies, file, cancellation), cancellation);
            await _history.RecordRestoreAsync(file.FullName, cancellation);
        }
        catch (OperationCanceledException)
        {
            PutBack(copies, replaced);
            await Console.Error.WriteLineAsync("Restore interrupted. Nothing was changed.");
            return 1;
        }
        catch when (replaced is not null)
        {
            PutBack(copies, replaced);
            await Console.Error.WriteLineAsync("Couldn't use the backup. Nothing was changed:");
            throw;
        }

        return await ReportAsync(file, replaced!, cancellation);
    }

    private static void PutBack(IDatabaseCopies copies, Replaced? replaced)
    {
        if (replaced is not null)
        {
            copies.PutBack(replaced);
        }
    }

    private async Task<Replaced> ReplaceAsync(IDatabaseCopies copies, FileInfo file, CancellationToken cancellation)
    {
        if ((file.Exists ? copies.Check(file.FullName, cancellation) : "does not exist") is { } wrong)
        {
            throw new StartRefusedException($"{file.FullName} {wrong}. Nothing was changed.");
        }

        if (copies.HasOriginal)
        {
            await _revived.NoteStoppedAsync(cancellation);
        }

        return copies.ReplaceBy(file.FullName, cancellation);
    }

    private async Task<int> ReportAsync(FileInfo file, Replaced replaced, CancellationToken cancellation)
    {
        await Console.Out.WriteLineAsync($"Restored {file.FullName} to {replaced.Database.From}, including its passwords, roles and limits.");
        if (File.Exists(replaced.Database.To))
        {
            await Console.Out.WriteLineAsync($"Previous database: {replaced.Database.To} (delete it when you no longer need it)");
        }

        await Console.Out.WriteLineAsync("All sessions and one-time links are revoked.");
        foreach (var line in await _revived.TellAsync(cancellation))
        {
            await Console.Out.WriteLineAsync(line);
        }

        var drift = await _ledger.FindDriftAsync(cancellation);
        foreach (var sentence in drift)
        {
            await Console.Error.WriteLineAsync(sentence);
        }

        await Console.Out.WriteLineAsync(drift is []
            ? "OK: all counters match the ledger."
            : "FAILED: the backup's counters don't match its ledger.");
        var audit = await _audit.CheckAsync(cancellation: cancellation);
        await (audit.Misfit is null ? Console.Out : Console.Error).WriteLineAsync(audit.Sentence);
        return drift is [] && audit.Misfit is null ? 0 : 1;
    }
}
