using NexLlm.Dashboard.Gateway.UpstreamResponses;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>A stream that had begun well goes on with an error event. What came before it has been passed on.</summary>
internal sealed class ErrorEventException(ProviderError error) : Exception($"the upstream reported an error (code {error.Code ?? error.Type ?? "none"})")
{
    public ProviderError Error { get; } = error;
}
