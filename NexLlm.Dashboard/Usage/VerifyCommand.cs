using System.CommandLine;
using System.Globalization;

namespace NexLlm.Dashboard.Usage;

/// <summary><c>verify</c>: whether the counters are what the charges add up to. Exits with 1 if they are not.</summary>
internal sealed class VerifyCommand : Command
{
    private readonly LedgerVerification _ledger;

    public VerifyCommand(LedgerVerification ledger)
        : base("verify", "Recompute all counters from the ledger and report mismatches.")
    {
        _ledger = ledger;
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
        return drift is [] ? 0 : 1;
    }
}
