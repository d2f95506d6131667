namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Tests an upstream: which models it lists, and which APIs it offers.</summary>
public sealed class ChannelProbe(ModelProbe models, ApiProbe apis)
{
    /// <param name="baseUrl">Up to and including <c>/v1</c>.</param>
    /// <param name="spoken">The APIs that have a base URL of their own, among others.</param>
    /// <param name="providerKey">In plain; null if the upstream needs none.</param>
    public async Task<ProbeResult> AskAsync(
        ChannelType type, string baseUrl, IReadOnlyList<ApiSettings> spoken, string? providerKey, CancellationToken cancellation)
    {
        var found = await models.AskAsync(type, baseUrl, providerKey, cancellation);
        // What cannot be reached, or takes no key, would answer all of them alike.
        return found is ProbeResult.Failed { IsFinal: true }
            ? found
            : found with { Apis = await apis.AskAsync(type, baseUrl, spoken, providerKey, cancellation) };
    }
}
