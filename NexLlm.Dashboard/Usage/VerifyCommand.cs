using System.CommandLine;
using System.Globalization;

namespace NexLlm.Dashboard.Usage;

/// <summary><c>verify</c>: whether the counters are what the charges add up to. Exits with 1 if they are not.</summary>
internal sealed class VerifyCommand : Command
{
    private readonly LedgerVerification _ledger;

    public VerifyCommand(LedgerVerification ledger)
        : base("verify", "Recomputes every counter from the charges and says what does not agree.")
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
            ? "The ledger is in order: every counter is what its charges add up to."
            : string.Create(CultureInfo.InvariantCulture, $"The ledger is not in order: {drift.Count} findings."));
        return drift is [] ? 0 : 1;
    }
}
