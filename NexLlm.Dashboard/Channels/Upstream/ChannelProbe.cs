using System.Net;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Tests a provider: which models it lists and which APIs it offers.</summary>
public sealed class ChannelProbe(ModelProbe models, ApiProbe apis, TimeProvider clock)
{
    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    /// <param name="spoken">All APIs of the channel, including those with their own base URL.</param>
    /// <param name="providerKey">Plain text; null if the provider needs none.</param>
    public async Task<ProbeResult> AskAsync(
        ChannelType type, string baseUrl, IReadOnlyList<ApiSettings> spoken, string? providerKey, CancellationToken cancellation)
    {
        var found = await models.AskAsync(type, baseUrl, providerKey, cancellation);
        // If the provider is unreachable or rejects the key, all APIs would fail the same way.
        return found is ProbeResult.Failed { IsFinal: true }
            ? found
            : found with { Apis = await apis.AskAsync(type, baseUrl, spoken, providerKey, cancellation) };
    }

    /// <summary>
    /// Checks whether a channel would answer requests, with its own base URL and provider key. It requests the model list, which is free.
    /// If there is no list, or none for this key, it sends an unparsable request to the channel's first API.
    /// </summary>
    /// <param name="patience">The time limit of each of the two requests.</param>
    internal async Task<HealthAnswer> CheckAsync(LiveChannel channel, TimeSpan patience, CancellationToken cancellation)
    {
        var found = await models.AskAsync(channel.Type, channel.BaseUrl, channel.ProviderKey, patience, cancellation);
        return HealthAnswer.Of(found) ?? await CheckApiAsync(channel, patience, cancellation);
    }

    private async Task<HealthAnswer> CheckApiAsync(LiveChannel channel, TimeSpan patience, CancellationToken cancellation)
    {
        if (channel.Apis.Cast<UpstreamApi?>().FirstOrDefault() is not { } api)
        {
            return new(ChannelStatus.Unknown);
        }

        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var address = channel.Address(api);
        var began = clock.GetTimestamp();
        var status = await apis.AskOneAsync(channel, api, either.Token);
        cancellation.ThrowIfCancellationRequested();
        return status switch
        {
            null => new(ChannelStatus.Unreachable, Error: ProbeMessages.Unreachable(address)),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new(ChannelStatus.KeyRejected, Error: ProbeMessages.KeyRejected(status.Value, channel.ProviderKey is not null)),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone or (>= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest) =>
                new(ChannelStatus.Unreachable, Error: ProbeMessages.NoApi(address, status.Value)),
            HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                new(ChannelStatus.Unreachable, Error: ProbeMessages.Failing(status.Value)),
            >= HttpStatusCode.InternalServerError => new(ChannelStatus.Unknown, Error: ProbeMessages.Failing(status.Value)),
            _ => new(ChannelStatus.Healthy, clock.GetElapsedTime(began)),
        };
    }
}

/// <summary>The result of a health check.</summary>
/// <param name="Latency">The response time; null if there was no meaningful response.</param>
/// <param name="Error">Worded for people; never contains a credential.</param>
internal sealed record HealthAnswer(ChannelStatus Status, TimeSpan? Latency = null, string? Error = null)
{
    /// <summary>Returns null if the result says nothing about requests.</summary>
    public static HealthAnswer? Of(ProbeResult found) => found switch
    {
        ProbeResult.Answered(var took, _) => new(ChannelStatus.Healthy, took),
        ProbeResult.Failed { Fault: ProbeFault.KeyRejected } failed => new(ChannelStatus.KeyRejected, Error: failed.Reason),
        ProbeResult.Failed { Fault: ProbeFault.Unreachable } failed => new(ChannelStatus.Unreachable, Error: failed.Reason),
        // A rate limit shows that the provider is up and accepts the key.
        ProbeResult.Failed { Fault: ProbeFault.Limited } => new(ChannelStatus.Healthy),
        ProbeResult.Failed { Fault: ProbeFault.Failing } failed => new(ChannelStatus.Unknown, Error: failed.Reason),
        _ => null,
    };
}
