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

        /// <summary>The same for programs.</summary>
        public ProbeFault Fault { get; init; } = ProbeFault.Unreachable;
    }
}

/// <summary>What kind of failure it was to ask an upstream for its list of models.</summary>
public enum ProbeFault
{
    /// <summary>Nothing answers, or something that sends elsewhere.</summary>
    Unreachable,

    KeyRejected,

    /// <summary>It answers, but has no list of models for this key, which says nothing about requests.</summary>
    NoList,

    /// <summary>It takes no more requests for a while.</summary>
    Limited,

    /// <summary>A server error of its own.</summary>
    Failing,

    /// <summary>The settings were wrong, so nobody was asked.</summary>
    NotAsked,
}
