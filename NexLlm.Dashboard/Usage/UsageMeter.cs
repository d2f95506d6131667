using System.Diagnostics.Metrics;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>The ledger's metrics. They cost nothing without listeners.</summary>
internal sealed class UsageMeter
{
    private readonly Histogram<double> _commitTime;
    private readonly Histogram<int> _commitSize;
    private readonly Counter<long> _tokens;

    public UsageMeter(IMeterFactory meters)
    {
        var meter = meters.Create("NexLlm.Dashboard");
        _commitTime = meter.CreateHistogram<double>(
            "nexllm.ledger.commit.duration", "s", "Duration of a ledger commit, including the wait for the write gate.");
        _commitSize = meter.CreateHistogram<int>("nexllm.ledger.commit.size", "{charge}", "Number of charges written by a ledger commit.");
        _tokens = meter.CreateCounter<long>("nexllm.tokens", "{token}", "Tokens of settled requests, by kind (input, output, charged).");
    }

    public void Committed(TimeSpan took, int charges)
    {
        _commitTime.Record(took.TotalSeconds);
        _commitSize.Record(charges);
    }

    public void Settled(in ChargeRow row)
    {
        if (_tokens.Enabled)
        {
            _tokens.Add(row.InputTokens, new KeyValuePair<string, object?>("kind", "input"));
            _tokens.Add(row.OutputTokens, new KeyValuePair<string, object?>("kind", "output"));
            _tokens.Add(row.ChargedTokens, new KeyValuePair<string, object?>("kind", "charged"));
        }
    }
}
