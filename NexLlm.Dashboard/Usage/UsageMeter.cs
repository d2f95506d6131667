using System.Diagnostics.Metrics;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>What the ledger tells whoever measures. Costs nothing while nobody listens.</summary>
internal static class UsageMeter
{
    private static readonly Meter _meter = new("NexLlm.Dashboard");

    private static readonly Histogram<double> _commitTime = _meter.CreateHistogram<double>(
        "nexllm.ledger.commit.duration", "s", "Duration of a ledger commit, including the wait for the write gate.");

    private static readonly Histogram<int> _commitSize = _meter.CreateHistogram<int>(
        "nexllm.ledger.commit.size", "{charge}", "Number of charges written by a ledger commit.");

    private static readonly Counter<long> _tokens = _meter.CreateCounter<long>(
        "nexllm.tokens", "{token}", "Tokens of settled requests, by kind (input, output, charged).");

    public static void Committed(TimeSpan took, int charges)
    {
        _commitTime.Record(took.TotalSeconds);
        _commitSize.Record(charges);
    }

    public static void Settled(in ChargeRow row)
    {
        if (_tokens.Enabled)
        {
            _tokens.Add(row.InputTokens, new KeyValuePair<string, object?>("kind", "input"));
            _tokens.Add(row.OutputTokens, new KeyValuePair<string, object?>("kind", "output"));
            _tokens.Add(row.ChargedTokens, new KeyValuePair<string, object?>("kind", "charged"));
        }
    }
}
