namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>What came of testing an upstream.</summary>
public abstract record ProbeResult
{
    private ProbeResult()
    {
    }

    /// <summary>What was found out about each API; empty if none was asked.</summary>
    public IReadOnlyList<ApiFinding> Apis { get; init; } = [];

    /// <param name="Took">From sending to the end of the answer.</param>
    /// <param name="Models">By name; may be empty.</param>
    public sealed record Answered(TimeSpan Took, IReadOnlyList<string> Models) : ProbeResult;

    /// <param name="Reason">In plain words, with what to do about it where that is known; never a credential.</param>
    public sealed record Failed(string Reason) : ProbeResult
    {
        /// <summary>Whether there is no use in asking for anything else.</summary>
        public bool IsFinal { get; init; } = true;
    }
}
