namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The state of the channels that serve the model.</summary>
/// <param name="IsReachable">Whether one of them is expected to answer.</param>
/// <param name="IsCredentialRejected">Whether the provider key of the best one is rejected.</param>
/// <param name="Status">The state of the best one, worded for a key's owner.</param>
/// <param name="BackIn">The time until the first one is tried again; null unless all are paused.</param>
public readonly record struct ChannelFacts(bool IsReachable, bool IsCredentialRejected, string Status, TimeSpan? BackIn = null);

/// <summary>Predicts from the channels' health whether one would answer, which the gateway learns by trying.</summary>
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
