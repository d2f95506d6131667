using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.UpstreamResponses;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>The channels that one request was sent to in vain, and what its client is told of them.</summary>
internal struct ChannelFailures
{
    private bool _misconfigured, _limited, _unreachable, _failed;
    private TimeSpan? _wait;

    /// <param name="wait">How long its provider says to wait.</param>
    public void Add(ResponseOutcome outcome, TimeSpan? wait)
    {
        _misconfigured |= outcome.Verdict is Verdict.UpstreamMisconfigured;
        _limited |= outcome.Verdict is Verdict.UpstreamRateLimited;
        _unreachable |= outcome.Verdict is Verdict.NoChannel;
        _failed |= outcome.Verdict is Verdict.UpstreamError;
        _wait = wait < (_wait ?? TimeSpan.MaxValue) ? wait : _wait;
    }

    /// <summary>
    /// A failure is worth saying so. A provider's limit stays one if no channel had anything else to say, and only where waiting cannot help is
    /// the client told not to try again. The wait is the shortest that was named, by a provider or by a channel that rests.
    /// </summary>
    public readonly Refusal ToRefusal(ModelRoutes routes, UpstreamApi api, DateTimeOffset now) =>
        _failed ? Refusal.For(Verdict.UpstreamError, _wait)
        : _unreachable ? Refusal.For(Verdict.NoChannel, _wait)
        : _limited ? Refusal.For(Verdict.UpstreamRateLimited, _wait)
        : _misconfigured ? Refusal.For(Verdict.UpstreamMisconfigured)
        : Refusal.For(Verdict.NoChannel, routes.BackIn(api, now));
}
