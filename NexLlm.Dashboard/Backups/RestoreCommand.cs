using System.CommandLine;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Backups;

/// <summary><c>restore FILE</c>: a backup takes the database's place. What was there is kept aside.</summary>
internal sealed class RestoreCommand : Command, IPreparesItself
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "A copy that the backup command made." };
    private readonly DatabaseReplacement _replacement;
    private readonly DatabaseStartup _startup;
    private readonly LedgerVerification _ledger;
    private readonly RevivedAccess _revived;
    private readonly BackupHistory _history;

    public RestoreCommand(
        DatabaseReplacement replacement, DatabaseStartup startup, LedgerVerification ledger, RevivedAccess revived, BackupHistory history)
        : base("restore", "Goes back to a backup. Stop the server first; what is there now is kept aside.")
    {
        (_replacement, _startup, _ledger, _revived, _history) = (replacement, startup, ledger, revived, history);
        Arguments.Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var file = arguments.GetRequiredValue(_file);
        Replaced? replaced = null;
        try
        {
            await _startup.PrepareForCommandAloneAsync(async () => replaced = await ReplaceAsync(file, cancellation), cancellation);
            await _history.RecordRestoreAsync(file.FullName, cancellation);
        }
        catch (OperationCanceledException)
        {
            PutBack(replaced);
            await Console.Error.WriteLineAsync("The restore was interrupted. Nothing was changed.");
            return 1;
        }
        catch when (replaced is not null)
        {
            PutBack(replaced);
            await Console.Error.WriteLineAsync("The backup could not be used, and everything is as it was before:");
            throw;
        }

        return await ReportAsync(file, replaced!, cancellation);
    }

    private static void PutBack(Replaced? replaced)
    {
        if (replaced is not null)
        {
            DatabaseReplacement.PutBack(replaced);
        }
    }

    private async Task<Replaced> ReplaceAsync(FileInfo file, CancellationToken cancellation)
    {
        if ((file.Exists ? DatabaseCopies.Check(file.FullName, cancellation) : "is not there") is { } wrong)
        {
            throw new StartRefusedException($"{file.FullName} {wrong}. Nothing was changed.");
        }

        if (_replacement.HasOriginal)
        {
            await _revived.NoteStoppedAsync(cancellation);
        }

        return _replacement.ReplaceBy(file.FullName, cancellation);
    }

    private async Task<int> ReportAsync(FileInfo file, Replaced replaced, CancellationToken cancellation)
    {
        await Console.Out.WriteLineAsync($"{replaced.Database.From} is as it was when {file.FullName} was made, with the passwords, roles and limits of then.");
        if (File.Exists(replaced.Database.To))
        {
            await Console.Out.WriteLineAsync($"What was there before stands in {replaced.Database.To}; remove it when you no longer need it.");
        }

        await Console.Out.WriteLineAsync("Everybody has to log in again, and one-time links from before are no good any more.");
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
            ? "The ledger is in order: every counter is what its charges add up to."
            : "The ledger of the backup is not in order.");
        return drift is [] ? 0 : 1;
    }
}
