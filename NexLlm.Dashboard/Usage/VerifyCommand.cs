using System.CommandLine;
using System.Globalization;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// <c>verify</c>: checks that the counters match the charges and that the audit log is as it was recorded. Exits with 1
/// otherwise.
/// </summary>
internal sealed class VerifyCommand : Command
{
    private readonly Option<string> _head = new("--audit-head")
    {
        Description = "Audit log head printed by an earlier run; checks that no event up to it was removed.",
        HelpName = "HEAD",
    };

    private readonly LedgerVerification _ledger;
    private readonly AuditVerification _audit;

    public VerifyCommand(LedgerVerification ledger, AuditVerification audit)
        : base("verify", "Recompute all counters from the ledger, check the audit log and report mismatches.")
    {
        (_ledger, _audit) = (ledger, audit);
        _head.Validators.Add(head =>
        {
            if (head.GetValueOrDefault<string>() is { } text && AuditHead.Read(text) is null)
            {
                head.AddError($"“{text}” is not an audit log head. Enter it as verify printed it: a number, a colon and 32 hexadecimal digits.");
            }
        });
        Options.Add(_head);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var drift = await _ledger.FindDriftAsync(cancellation);
        foreach (var sentence in drift)
        {
            await Console.Error.WriteLineAsync(sentence);
        }

        await Console.Out.WriteLineAsync(drift is []
            ? "OK: all counters match the ledger."
            : string.Create(CultureInfo.InvariantCulture, $"FAILED: {drift.Count} {(drift.Count == 1 ? "mismatch" : "mismatches")} found."));
        var audit = await _audit.CheckAsync(arguments.GetValue(_head) is { } head ? AuditHead.Read(head) : null, cancellation);
        await (audit.Misfit is null ? Console.Out : Console.Error).WriteLineAsync(audit.Sentence);
        return drift is [] && audit.Misfit is null ? 0 : 1;
    }
}
