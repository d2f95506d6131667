namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>What came of asking an upstream for its models.</summary>
public abstract record ProbeResult
{
    private ProbeResult()
    {
    }

    /// <param name="Took">From sending to the end of the answer.</param>
    /// <param name="Models">By name; may be empty.</param>
    public sealed record Answered(TimeSpan Took, IReadOnlyList<string> Models) : ProbeResult;

    /// <param name="Reason">In plain words, with what to do about it where that is known; never a credential.</param>
    public sealed record Failed(string Reason) : ProbeResult;
}
