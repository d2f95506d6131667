using System.CommandLine;
using System.Globalization;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Backups;

/// <summary><c>restore FILE</c>: a backup takes the database's place. What was there is kept aside.</summary>
internal sealed class RestoreCommand : Command, IPreparesItself
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "A copy that the backup command made." };
    private readonly DatabaseCopies _copies;
    private readonly DatabaseStartup _startup;
    private readonly LedgerVerification _ledger;
    private readonly RevivedKeys _revived;
    private readonly BackupHistory _history;

    public RestoreCommand(DatabaseCopies copies, DatabaseStartup startup, LedgerVerification ledger, RevivedKeys revived, BackupHistory history)
        : base("restore", "Goes back to a backup. Stop the server first; what is there now is kept aside.")
    {
        (_copies, _startup, _ledger, _revived, _history) = (copies, startup, ledger, revived, history);
        Arguments.Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var file = arguments.GetRequiredValue(_file);
        if ((file.Exists ? DatabaseCopies.Check(file.FullName) : "is not there") is { } wrong)
        {
            await Console.Error.WriteLineAsync($"{file.FullName} {wrong}. Nothing was changed.");
            return 1;
        }

        Replaced? replaced = null;
        try
        {
            await _startup.PrepareForCommandAloneAsync(async () =>
            {
                if (_copies.HasOriginal)
                {
                    await _revived.NoteStoppedAsync(cancellation);
                }

                replaced = _copies.ReplaceBy(file.FullName);
            }, cancellation);
        }
        catch when (replaced is not null)
        {
            DatabaseCopies.PutBack(replaced);
            await Console.Error.WriteLineAsync("The backup could not be used, and everything is as it was before:");
            throw;
        }

        await _history.RecordAsync(AuditActions.BackupRestored, file.FullName, cancellation);
        return await ReportAsync(file, replaced!, cancellation);
    }

    private async Task<int> ReportAsync(FileInfo file, Replaced replaced, CancellationToken cancellation)
    {
        await Console.Out.WriteLineAsync($"{replaced.Database.From} is as it was when {file.FullName} was made.");
        if (File.Exists(replaced.Database.To))
        {
            await Console.Out.WriteLineAsync($"What was there before stands in {replaced.Database.To}; remove it when you no longer need it.");
        }

        if (await _revived.FindAsync(cancellation) is not [] and var revived)
        {
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{revived.Count:N0} keys that were deleted or disabled since then WORK AGAIN. Delete those that leaked:"));
            foreach (var key in revived)
            {
                await Console.Out.WriteLineAsync($"  {key}");
            }
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
