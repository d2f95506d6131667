using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.UpstreamResponses;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>The channels that failed one request, and the resulting error for the client.</summary>
internal struct ChannelFailures
{
    private bool _misconfigured, _limited, _unreachable, _failed;
    private TimeSpan? _wait;

    /// <param name="wait">The retry time given by the provider.</param>
    public void Add(ResponseOutcome outcome, TimeSpan? wait)
    {
        _misconfigured |= outcome.Verdict is Verdict.UpstreamMisconfigured;
        _limited |= outcome.Verdict is Verdict.UpstreamRateLimited;
        _unreachable |= outcome.Verdict is Verdict.NoChannel;
        _failed |= outcome.Verdict is Verdict.UpstreamError;
        _wait = wait < (_wait ?? TimeSpan.MaxValue) ? wait : _wait;
    }

    /// <summary>
    /// The most informative error. It is a rate limit only if no channel failed otherwise, and it asks the client not to retry
    /// only if waiting can't help. The retry time is the shortest one given by a provider or a paused channel.
    /// </summary>
    public readonly Rejection ToRefusal(ModelRoutes routes, UpstreamApi api, DateTimeOffset now) =>
        _failed ? Rejection.For(Verdict.UpstreamError, _wait)
        : _unreachable ? Rejection.For(Verdict.NoChannel, _wait)
        : _limited ? Rejection.For(Verdict.UpstreamRateLimited, _wait)
        : _misconfigured ? Rejection.For(Verdict.UpstreamMisconfigured)
        : Rejection.For(Verdict.NoChannel, routes.BackIn(api, now));
}
