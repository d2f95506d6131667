namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>The result of testing a provider.</summary>
public abstract record ProbeResult
{
    private ProbeResult()
    {
    }

    /// <summary>The findings about the APIs; empty if none were tested.</summary>
    public IReadOnlyList<ApiFinding> Apis { get; init; } = [];

    /// <param name="Took">The time from sending the request to the end of the response.</param>
    /// <param name="Models">Sorted by name; may be empty.</param>
    public sealed record Answered(TimeSpan Took, IReadOnlyList<string> Models) : ProbeResult;

    /// <param name="Reason">Worded for people, with the next step if known; never contains a credential.</param>
    public sealed record Failed(string Reason) : ProbeResult
    {
        /// <summary>Whether further requests would be pointless.</summary>
        public bool IsFinal { get; init; } = true;

        /// <summary>The reason as a code.</summary>
        public ProbeFault Fault { get; init; } = ProbeFault.Unreachable;
    }
}

/// <summary>The ways in which requesting a provider's model list can fail.</summary>
public enum ProbeFault
{
    /// <summary>There is no response, or a redirect to another address.</summary>
    Unreachable,

    KeyRejected,

    /// <summary>The provider answers but has no model list for this key, which says nothing about requests.</summary>
    NoList,

    /// <summary>The provider is rate limiting.</summary>
    Limited,

    /// <summary>The provider reports a server error.</summary>
    Failing,

    /// <summary>The settings were invalid, so no request was sent.</summary>
    NotAsked,
}
