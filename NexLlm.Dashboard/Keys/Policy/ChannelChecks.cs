namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What is known of the channels that serve the model.</summary>
/// <param name="IsReachable">Whether one of them has a prospect of an answer.</param>
/// <param name="IsCredentialRejected">Whether the best of them has a key that its provider rejects.</param>
/// <param name="Status">How the best of them does, for the owner of a key.</param>
/// <param name="BackIn">How long until the first of them is tried again; null unless all are paused.</param>
public readonly record struct ChannelFacts(bool IsReachable, bool IsCredentialRejected, string Status, TimeSpan? BackIn = null);

/// <summary>Whether a channel would answer: foretold here from the channels' health, which the gateway finds out by trying.</summary>
internal static class ChannelChecks
{
    public static readonly Check<ChannelFacts> Reachable = new(Verdict.NoChannel,
        (in facts) => facts.IsReachable || facts.IsCredentialRejected,
        (in facts, _) => facts.IsCredentialRejected ? "A channel for this model is enabled." : facts.Status)
    {
        Wait = (in facts) => facts.BackIn,
    };

    public static readonly Check<ChannelFacts> CredentialAccepted = new(Verdict.UpstreamMisconfigured,
        (in facts) => !facts.IsCredentialRejected,
        (in facts, passed) => passed ? "No provider rejects the channel's key." : facts.Status);
}
